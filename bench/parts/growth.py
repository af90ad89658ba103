"""How cost grows with a tree."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bench.contest import BOLTSEAL, Contender, Entry, hold
from bench.programs import READ, check, floors
from bench.results import MIB, Measure, Section
from bench.spread import ratios
from bench.testbed import Testbed

_NOTE = (
    "growth is linear where one file more costs the same at every size, flat where memory does not"
    " change"
)


def growth(bed: Testbed) -> Iterator[Section]:
    """Generated trees of growing size in the same rounds, each beside its floors."""
    sizes = sorted(set(bed.sizes))
    contenders = [
        _sized(contender, size)
        for size in sizes
        for folder in [bed.generated("dense", size)]
        for contender in (check(folder), *floors(folder))
    ]
    entries = hold(contenders, bed.rounds)
    measures = (
        *(measure for size in sizes for measure in _at(size, entries)),
        *slopes({size: entries[_name(BOLTSEAL, size)].values("cpu") for size in sizes}),
    )
    yield Section("growth", tuple(entries.values()), measures, (_NOTE,))


def slopes(cpu: Mapping[int, Sequence[float]]) -> Iterator[Measure]:
    """What one file more costs between each two sizes, and how much that grows.

    In: the seconds of every round by the number of files, in order.
    """
    found = []
    for small, large in pairwise(cpu):
        grown = zip(cpu[small], cpu[large], strict=True)
        each = tuple((more - less) / (large - small) * 1e6 for less, more in grown)
        found.append(each)
        yield Measure(f"growth: CPU of one file, {small} to {large}", each, "µs", compared=False)
    if len(found) > 1:
        bend = ratios(found[-1], found[0])
        yield Measure("growth: one file in the largest ÷ in the smallest", bend, compared=False)


def _at(size: int, entries: Mapping[str, Entry]) -> Iterator[Measure]:
    ours, floor = entries[_name(BOLTSEAL, size)], entries[_name(READ, size)]
    title = f"growth, {size} files"
    yield Measure(f"{title}: CPU ÷ {READ}", ratios(ours.values("cpu"), floor.values("cpu")))
    yield Measure(f"{title}: memory", tuple(it / MIB for it in ours.values("memory")), "MiB")


def _sized(contender: Contender, size: int) -> Contender:
    return contender._replace(name=_name(contender.name, size))


def _name(program: str, size: int) -> str:
    return f"{program}, {size} files"
