"""The forms of a report, and a finding in each of them."""

from collections.abc import Iterator
from enum import StrEnum

from boltseal.finding import Finding
from boltseal.report import text
from boltseal.report.style import Style


class Format(StrEnum):
    """How results are written."""

    TEXT = "text"
    JSONL = "jsonl"


def finding_lines(finding: Finding, form: Format, style: Style) -> Iterator[str]:
    """The lines of one finding."""
    if form is Format.JSONL:
        from boltseal.report import jsonl  # the text form needs no JSON
        from boltseal.report.record import records

        yield from map(jsonl.record_line, records([finding]))
        return
    yield from text.finding_lines(finding, style)
    yield ""
