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


class Finding(NamedTuple):
    """One finding.

    ``use`` is None for a finding about a whole file. ``fix_safety`` says whether it can be fixed
    and how safely, known offline; ``fix`` holds the edits once a digest is known.
    ``unresolved`` marks a finding whose reference was asked for and got no digest.
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
