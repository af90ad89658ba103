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


class SettingsFormat(StrEnum):
    """How settings are written."""

    TOML = "toml"
    JSON = "json"


def finding_lines(finding: Finding, form: Format, style: Style) -> Iterator[str]:
    """The lines of one finding."""
    if form is Format.JSONL:
        from boltseal.report import jsonl  # the text form needs no JSON

        yield jsonl.finding_line(finding)
        return
    yield from text.finding_lines(finding, style)
    yield ""
