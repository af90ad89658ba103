"""What boltseal may cost, by the name of the figure.

Not here: what the tests hold, that no finding is lost before the parsers, and how many of the
templates of Helm charts are read.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Budget(NamedTuple):
    """A bound: ``most`` that a figure may be, or ``least`` that it has to be."""

    most: float | None = None
    least: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a figure is within the bound."""
        if self.most is not None and value > self.most:
            return False
        return self.least is None or value >= self.least

    def __str__(self) -> str:
        """The bound as in '≤ 10'."""
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"


BUDGETS: Mapping[str, Budget] = {
    "tree: CPU ÷ rg -c": Budget(most=10),
    "tree: wall ÷ rg -c": Budget(most=10),
    "tree: memory": Budget(most=150),
    "sparse: CPU ÷ rg -c": Budget(most=1.5),
    "one file, Dockerfile: CPU ÷ python -c pass": Budget(most=3),
    "one file, YAML: CPU ÷ python -c pass": Budget(most=4),
    "one file, Python: CPU ÷ python -c pass": Budget(most=6),
    "one file, Python without images: CPU ÷ python -c pass": Budget(most=6),
    "peers: checkov CPU ÷ boltseal": Budget(least=100),
    "peers: semgrep CPU ÷ boltseal": Budget(least=25),
    "peers: hadolint CPU ÷ boltseal": Budget(least=1),
    "peers: zizmor CPU ÷ boltseal": Budget(least=1),
    "pindock, check: boltseal CPU ÷ pindock": Budget(most=2),
    "pindock, fix: boltseal wall ÷ pindock": Budget(most=1),
    "pindock, fix: boltseal requests ÷ pindock": Budget(most=0.5),
    "resolve: 100 references": Budget(most=7),
    "resolve: 500 references": Budget(most=16),
}
