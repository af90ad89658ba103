"""``check``: what can change under your feet."""

from typing import NamedTuple

from boltseal import console
from boltseal.engine import Inspected, Knowledge, judge
from boltseal.intake import Request, told
from boltseal.report import text
from boltseal.report.form import Format, finding_lines
from boltseal.report.style import Style
from boltseal.report.trouble import is_bug
from boltseal.tally import Exit, Tally


class _Report(NamedTuple):
    """What there is to say of one file: small, as it may come from another process."""

    lines: tuple[str, ...]
    tally: Tally
    bug: str


def run_check(request: Request, knowledge: Knowledge, form: Format = Format.TEXT) -> Exit:
    """Report what can change. Opens no socket and writes no file."""
    style = console.out_style()
    tally = Tally()
    bugs = 0
    for report in told(request, knowledge, lambda item: _report(item, knowledge, form, style)):
        bugs += is_bug(report.bug)
        console.out(report.lines)
        tally.join(report.tally)
    if form is Format.TEXT:
        console.out([text.summary(tally, style)])
    return Exit.BUG if bugs else tally.exit


def _report(item: Inspected, knowledge: Knowledge, form: Format, style: Style) -> _Report:
    lines: list[str] = []
    tally = Tally(files=1)
    for finding in judge(knowledge, item):
        lines += finding_lines(finding, form, style)
        tally.add(finding)
    return _Report(tuple(lines), tally, item.bug)
