"""How cost grows with a tree."""

import math
from collections.abc import Iterator
from itertools import pairwise

from bench.contest import BOLTSEAL, Entry, hold
from bench.programs import BARE, READ, check, floors
from bench.results import MIB, Measure, Section
from bench.setup import Setup
from bench.spread import ratios, spread


def growth(setup: Setup) -> Iterator[Section]:
    """Generated trees of growing size, each beside its floors, and what one file more costs."""
    held: dict[int, Entry] = {}
    for size in sorted(setup.sizes):
        folder = setup.generated("dense", size)
        entries = hold([check(folder), *floors(folder)], setup.rounds)
        held[size] = entries[BOLTSEAL]
        title = f"growth, {size} files"
        cpu, read = entries[BOLTSEAL].values("cpu"), entries[READ].values("cpu")
        memory = tuple(value / MIB for value in entries[BOLTSEAL].values("memory"))
        measures = (
            Measure(f"{title}: CPU ÷ {READ}", ratios(cpu, read)),
            Measure(f"{title}: memory", memory, "MiB"),
        )
        start = spread(entries[BARE].values("cpu")).median
        held[size] = entries[BOLTSEAL]
        yield Section(title, tuple(entries.values()), (*measures, *_slope(size, cpu, start)))
    yield from _steps(held)


def _slope(size: int, cpu: tuple[float, ...], start: float) -> Iterator[Measure]:
    each = tuple((value - start) / size * 1e6 for value in cpu)
    yield Measure(f"growth, {size} files: CPU of one file", each, "µs", compared=False)


def _steps(held: dict[int, Entry]) -> Iterator[Section]:
    """Whether cost grows as the files do: the exponent is 1 where it does, 2 where as their square."""
    measures = []
    for small, large in pairwise(held):
        for label, of in (("CPU", "cpu"), ("memory", "memory")):
            grown = ratios(held[large].values(of), held[small].values(of))
            exponents = tuple(math.log(ratio, large / small) for ratio in grown)
            name = f"growth, {small} to {large} files: exponent of {label}"
            measures.append(Measure(name, exponents, "", compared=False))
    if measures:
        note = "an exponent of 1 is linear growth, 0 is none; start-up is in the figures"
        yield Section("growth, between the sizes", (), tuple(measures), (note,))
