"""``check``: what can change under your feet."""

from typing import NamedTuple

from boltseal import console
from boltseal.candidate import Found
from boltseal.engine import Inspected, Knowledge, judge
from boltseal.intake import STDIN, Looker, Request, found, standard_input
from boltseal.report import text
from boltseal.report.form import Format, finding_lines
from boltseal.report.style import Style
from boltseal.report.trouble import is_bug
from boltseal.tally import Exit, Tally
from boltseal.workers import spread


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
    if STDIN in request.paths:
        reports = iter([_report(standard_input(request, knowledge), knowledge, form, style)])
    else:
        look = Looker(knowledge).look

        def work(item: Found) -> _Report:
            return _report(look(item), knowledge, form, style)

        reports = spread(work, list(found(request, knowledge)))
    for report in reports:
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
