"""``check``: what can change under your feet."""

from boltseal import console
from boltseal.engine import Knowledge, judge
from boltseal.intake import Request, inspected
from boltseal.report import text
from boltseal.report.form import Format, finding_lines
from boltseal.report.trouble import is_bug
from boltseal.tally import Exit, Tally


def run_check(request: Request, knowledge: Knowledge, form: Format = Format.TEXT) -> Exit:
    """Report what can change. Opens no socket and writes no file."""
    style = console.out_style()
    tally = Tally()
    bugs = 0
    for item in inspected(request, knowledge):
        bugs += is_bug(item.bug)
        tally.files += 1
        for finding in judge(knowledge, item):
            console.out(finding_lines(finding, form, style))
            tally.add(finding)
    if form is Format.TEXT:
        console.out([text.summary(tally, style)])
    return Exit.BUG if bugs else tally.exit
