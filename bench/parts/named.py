"""A hundred files that are named on the command line, as a large commit names them to the hook."""

from collections.abc import Iterator

from bench.choice import candidates, evenly
from bench.contest import BOLTSEAL, hold
from bench.programs import BARE, READ, bare, check, read
from bench.results import Measure, Section
from bench.spread import ratios
from bench.testbed import Testbed

_FILES = 100


def named(bed: Testbed) -> Iterator[Section]:
    """Files from all over the tree."""
    folder = bed.dense()
    paths = evenly(candidates(folder), _FILES)
    contenders = [check(folder, *paths), bare(folder), read(folder, *paths)]
    entries = hold(contenders, bed.rounds)
    cpu = entries[BOLTSEAL].values("cpu")
    measures = tuple(
        Measure(f"named files: CPU ÷ {floor}", ratios(cpu, entries[floor].values("cpu")))
        for floor in (BARE, READ)
    )
    yield Section(f"{len(paths)} named files", tuple(entries.values()), measures)
