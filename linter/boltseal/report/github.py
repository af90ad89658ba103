"""Findings as workflow commands, of which GitHub makes annotations beside the lines of a change.

GitHub shows ten annotations of each severity a step, those that come first, and fifty a job
(actions/toolkit, docs/problem-matchers.md): the others are in the log alone.
"""

from collections.abc import Iterator

from boltseal.finding import Finding, Severity
from boltseal.printable import visible
from boltseal.report.checkout import in_repository
from boltseal.report.patch import patch_lines
from boltseal.report.trace import MOST
from boltseal.style import PLAIN

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
"""What a message cannot hold, as actions/toolkit writes it (packages/core/src/command.ts)."""
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""The same for a property, which ends at a comma or a colon."""


def finding_lines(finding: Finding) -> Iterator[str]:
    """The one command of a finding. Its path is relative to the root of the repository."""
    properties = {
        "file": in_repository(finding.source.path),
        **_where(finding),
        "title": f"boltseal: {finding.rule}",
    }
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "\n".join(map(visible, _message(finding)))
    yield f"::{_COMMANDS[finding.severity]} {written}::{message.translate(_DATA)}"


def _property(value: str) -> str:
    return visible(value).translate(_PROPERTY)


def _where(finding: Finding) -> dict[str, str]:
    """Lines and columns from 1; the end column is that after the last character.

    The runner takes no columns for more than one line (actions/runner, ValidateLinesAndColumns).
    """
    start = finding.source.position(finding.span.start)
    end = finding.source.position(finding.span.end)
    lines = {"line": str(start.line), "endLine": str(end.line)}
    if start.line != end.line:
        return lines
    return {**lines, "col": str(start.column), "endColumn": str(end.column)}


def _message(finding: Finding) -> Iterator[str]:
    yield finding.message
    yield f"hint: {finding.hint}"
    for related in finding.related[:MOST]:
        source = related.source or finding.source
        at = source.position(related.span.start)
        yield f"{related.label}: {source.path}:{at.line}:{at.column}"
    if finding.fix:
        yield from patch_lines(finding.source, finding.fix, PLAIN)
