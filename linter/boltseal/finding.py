"""What a check has to say about one use or one file."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from boltseal.edit import Fix, Safety
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Related


class Severity(StrEnum):
    """How much a finding matters. Notes are shown and do not fail a run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Origin(StrEnum):
    """Where it is said that a finding is accepted."""

    COMMENT = "comment"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"


class Suppression(NamedTuple):
    """Why a finding is not reported: who says so, the reason given ('' for none), and where."""

    origin: Origin
    reason: str = ""
    where: str = ""


class Finding(NamedTuple):
    """One finding.

    ``use`` is None for a finding about a whole file. ``fix_safety`` says whether it can be fixed
    and how safely, known offline; ``fix`` holds the edits once a digest is known.
    ``unresolved`` marks a finding whose reference was asked for and got no digest.
    ``number`` counts those that are alike in a file, 0 where nobody has counted them yet.
    ``suppression`` is set where the finding is accepted: it is not shown and does not fail a run.
    """

    rule: str
    severity: Severity
    message: str
    hint: str
    source: Source
    span: Span
    use: ImageUse | None = None
    related: tuple[Related, ...] = ()
    fix_safety: Safety | None = None
    fix: Fix | None = None
    unresolved: bool = False
    suppression: Suppression | None = None
    number: int = 0

    @property
    def alike(self) -> tuple[str, str]:
        """What findings have in common that only their place tells apart: the rule, and about what."""
        return self.rule, self.use.text if self.use else self.message


def numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of one file, of those that are alike each with its number, from 1."""
    alike: dict[tuple[str, str], int] = {}
    for finding in findings:
        number = alike[finding.alike] = alike.get(finding.alike, 0) + 1
        yield finding if finding.number else finding._replace(number=number)
