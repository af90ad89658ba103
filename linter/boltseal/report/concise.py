"""Findings for people who want one line for each."""

from collections.abc import Iterator

from boltseal.finding import Finding
from boltseal.report.text import headline
from boltseal.style import Style


def finding_lines(finding: Finding, style: Style) -> Iterator[str]:
    """The one line of a finding: ``path:line:column: severity[rule]: message``, safe to print."""
    yield headline(finding, style)
