"""Several programs on the same files, in rounds: each runs once in every round."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bench.process import Command, Cost, Ran, run

BOLTSEAL = "boltseal"


def _nothing(_: Ran) -> int | None:
    return None


class Contender(NamedTuple):
    """A program that is measured.

    ``about`` says what it does and does not do; ``version`` is its own word; ``tally`` gives the
    number of findings in what it printed, None where it has none.
    """

    name: str
    command: Command
    about: str = ""
    version: str = ""
    tally: Callable[[Ran], int | None] = _nothing


class Entry(NamedTuple):
    """A contender, what every round cost, and the exit code and findings of the last one."""

    contender: Contender
    costs: tuple[Cost, ...]
    status: int
    findings: int | None

    def values(self, of: str) -> tuple[float, ...]:
        """One figure of every round: ``cpu``, ``wall`` or ``memory``."""
        return tuple(float(getattr(cost, of)) for cost in self.costs)


def start(contender: Contender) -> Ran:
    """Run a contender as it is."""
    return run(contender.command)


def hold(
    contenders: Sequence[Contender], rounds: int, perform: Callable[[Contender], Ran] = start
) -> Mapping[str, Entry]:
    """Run all contenders ``rounds`` times, after one round that is not counted.

    Every second round goes the other way, so that none always comes first. ``perform`` is how one
    is run. Out: an entry for each name. Raises NotRunError.
    """
    costs: dict[str, list[Cost]] = {contender.name: [] for contender in contenders}
    last: dict[str, Ran] = {}
    for number in range(rounds + 1):
        for contender in contenders[:: 1 if number % 2 else -1]:
            ran = perform(contender)
            last[contender.name] = ran
            if number:
                costs[contender.name].append(ran.cost)
    return {
        contender.name: Entry(
            contender,
            tuple(costs[contender.name]),
            last[contender.name].status,
            contender.tally(last[contender.name]),
        )
        for contender in contenders
    }
