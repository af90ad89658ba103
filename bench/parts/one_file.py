"""What one file costs, as the hook of pre-commit pays it, beside an interpreter that does nothing."""

from collections.abc import Iterator
from random import Random

from bench.contents import builds, code, kubernetes
from bench.contest import BOLTSEAL, hold
from bench.programs import BARE, bare, check
from bench.results import Measure, Section
from bench.spread import ratios
from bench.testbed import Testbed
from bench.tree import SEED, Make

FILES: dict[str, Make] = {
    "Dockerfile": builds.dockerfile,
    "YAML": kubernetes.workload,
    "Python": code.containers,
    "Python without images": code.python,
}
_MANY = 4
"""One file costs so little that it takes more rounds than the rest."""


def one_file(bed: Testbed) -> Iterator[Section]:
    """One file of each kind."""
    for kind, make in FILES.items():
        folder = bed.empty(f"one {kind}")
        (file,) = make(Random(SEED), "src")
        path = folder / file.path
        path.parent.mkdir(parents=True)
        path.write_text(file.text, encoding="utf-8")
        entries = hold([check(folder, file.path), bare(folder)], bed.rounds * _MANY)
        ratio = ratios(entries[BOLTSEAL].values("cpu"), entries[BARE].values("cpu"))
        title = f"one file, {kind}"
        measure = Measure(f"{title}: CPU ÷ {BARE}", ratio)
        yield Section(title, tuple(entries.values()), (measure,))
