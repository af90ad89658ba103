"""Counting findings as they pass, and the exit code that they add up to."""

from enum import IntEnum

from boltseal.edit import Safety
from boltseal.finding import Finding, Origin, Severity


class Exit(IntEnum):
    """What the end of a run says: a contract with whatever runs boltseal."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNRESOLVED = 3
    BUG = 4


EXIT_CODES = (
    "Exit codes: 0 nothing left to report; 1 findings; 2 wrong usage or configuration; "
    "3 some reference could not be resolved, and nothing worse; 4 a bug in boltseal."
)
"""The contract in words."""


class Tally:
    """Numbers of findings by what matters for the summary; the findings themselves are let go.

    ``known`` are those of a baseline, ``accepted`` those that a comment or the configuration accepts.
    """

    def __init__(self, files: int = 0) -> None:
        self.files = files
        self.notes = 0
        self.failing = 0
        self.unresolved = 0
        self.safe = 0
        self.unsafe = 0
        self.accepted = 0
        self.known = 0

    def add(self, finding: Finding) -> None:
        """Count one finding; one that is accepted counts for nothing else."""
        if finding.suppression:
            in_baseline = finding.suppression.origin is Origin.BASELINE
            self.known += in_baseline
            self.accepted += not in_baseline
            return
        if finding.severity is Severity.NOTE:
            self.notes += 1
        else:
            self.failing += 1
            self.unresolved += finding.unresolved
        self.safe += finding.fix_safety is Safety.SAFE
        self.unsafe += finding.fix_safety is Safety.UNSAFE

    def join(self, other: "Tally") -> None:
        """Add what another one has counted."""
        for name, number in vars(other).items():
            setattr(self, name, getattr(self, name) + number)

    @property
    def exit(self) -> Exit:
        """The code for what was counted. Notes do not fail a run."""
        if self.failing > self.unresolved:
            return Exit.FINDINGS
        return Exit.UNRESOLVED if self.unresolved else Exit.CLEAN
