"""Whole trees, beside reading the same files and beside ripgrep."""

from collections.abc import Iterator
from pathlib import Path

from bench.contest import BOLTSEAL, hold
from bench.programs import BARE, RG, check, floors
from bench.results import MIB, Measure, Section
from bench.spread import ratios
from bench.testbed import Testbed, described
from bench.tree import SPARSE

_LARGER = 8


def dense(bed: Testbed) -> Iterator[Section]:
    """The tree that is given, or the generated one: many references."""
    yield _scan("tree", f"tree: {described(bed)}", bed.dense(), bed.rounds)


def sparse(bed: Testbed) -> Iterator[Section]:
    """A generated tree that is mostly code; larger, for there is little in it to scan."""
    files = bed.files * _LARGER
    folder = bed.generated("sparse", files, SPARSE)
    yield _scan("sparse", f"sparse tree, {files} files", folder, bed.rounds)


def _scan(name: str, title: str, folder: Path, rounds: int) -> Section:
    entries = hold([check(folder), *floors(folder)], rounds)
    ours = entries[BOLTSEAL]
    measures = [
        Measure(f"{name}: {label} ÷ {floor}", ratios(ours.values(of), entries[floor].values(of)))
        for floor in entries
        if floor not in (BOLTSEAL, BARE)
        for label, of in (("CPU", "cpu"), ("wall", "wall"))
    ]
    memory = tuple(value / MIB for value in ours.values("memory"))
    measures.append(Measure(f"{name}: memory", memory, "MiB"))
    notes = () if RG in entries else ("ripgrep is not installed: its ratios are missing",)
    return Section(title, tuple(entries.values()), tuple(measures), notes)
