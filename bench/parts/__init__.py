"""The parts of the bench, each of which can be run alone; `bench.plan` names them."""
