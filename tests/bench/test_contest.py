from pathlib import Path

from bench.contest import Contender, hold
from bench.process import Command, Cost, Ran

COMMAND = Command(("program",), Path())


def contender(name: str) -> Contender:
    return Contender(name, COMMAND, tally=lambda ran: len(ran.output))


class Runs:
    """Pretends to run: the n-th run costs n seconds."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, contender: Contender) -> Ran:
        self.names.append(contender.name)
        number = len(self.names)
        return Ran(Cost(number, number, number), number, b"x" * number, b"")


def test_every_round_has_every_contender_and_they_take_turns_to_be_first():
    runs = Runs()
    hold([contender("a"), contender("b")], 3, runs)
    assert "".join(runs.names) == "baabbaab"


def test_the_first_round_is_not_counted():
    entries = hold([contender("a"), contender("b")], 2, Runs())
    assert entries["a"].values("cpu") == (3, 6)
    assert entries["b"].values("wall") == (4, 5)


def test_exit_code_and_findings_are_those_of_the_last_run():
    entry = hold([contender("a")], 2, Runs())["a"]
    assert (entry.status, entry.findings) == (3, 3)
