"""What a check has to say about one use or one file."""

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
