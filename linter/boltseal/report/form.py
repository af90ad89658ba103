"""The forms of a report, and a finding in those that have lines for each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from boltseal.finding import Finding
from boltseal.report import text
from boltseal.style import Style

if TYPE_CHECKING:
    from boltseal.check import Rule
    from boltseal.page import Page
    from boltseal.report.record import Record
    from boltseal.report.summary import Summary


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    CONCISE = "concise"
    JSONL = "jsonl"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class UseFormat(StrEnum):
    """How what is no finding is written."""

    TEXT = "text"
    JSONL = "jsonl"


class SettingsFormat(StrEnum):
    """How settings are written."""

    TOML = "toml"
    JSON = "json"


FOR_PEOPLE = frozenset({Format.TEXT, Format.CONCISE})
"""Forms that end with what a run comes to."""
DOCUMENTS = frozenset({Format.JSON, Format.SARIF, Format.GITLAB, Format.JUNIT, Format.MARKDOWN})
"""Forms that are one document, and so are written when everything is known."""


def finding_lines(finding: Finding, form: Format, style: Style) -> Iterator[str]:
    """The lines of one finding in a form for people, or in workflow commands.

    What is accepted has none.
    """
    if finding.suppression:
        return
    if form is Format.TEXT:
        yield from text.finding_lines(finding, style)
        yield ""
    elif form is Format.CONCISE:
        from boltseal.report import concise

        yield from concise.finding_lines(finding, style)
    else:
        from boltseal.report import github

        yield from github.finding_lines(finding)


def record_lines(records: Iterable["Record"]) -> Iterator[str]:
    """Records as JSON lines, without their ends. What is accepted has none."""
    from boltseal.report import jsonl

    return (jsonl.record_line(record) for record in records if not record.suppression)


def document_lines(
    form: Format, summary: "Summary", pages: Callable[[], Mapping["Rule", "Page"]]
) -> Iterator[str]:
    """The lines of a report that is one document, without their ends.

    In: what gives the pages of the rules, which are many modules, and few forms hold them.
    """
    if form is Format.SARIF:
        from boltseal.report import sarif

        return sarif.document(summary, pages())
    if form is Format.JSON:
        from boltseal.report import json_document

        return json_document.document(summary)
    if form is Format.GITLAB:
        from boltseal.report import gitlab

        return gitlab.document(summary)
    if form is Format.JUNIT:
        from boltseal.report import junit

        return junit.document(summary)
    from boltseal.report import markdown

    return markdown.document(summary)
