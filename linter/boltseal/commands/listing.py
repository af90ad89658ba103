"""``list``: every use, pinned or not."""

from boltseal import console
from boltseal.engine import Knowledge
from boltseal.intake import Request, inspected
from boltseal.report import jsonl, text
from boltseal.report.form import Format
from boltseal.report.trouble import is_bug
from boltseal.tally import Exit


def run_list(request: Request, knowledge: Knowledge, form: Format) -> Exit:
    """Report every use, pinned or not. A file that cannot be read is named on standard error."""
    style = console.out_style()
    code = Exit.CLEAN
    bugs = 0
    for item in inspected(request, knowledge):
        bugs += is_bug(item.bug)
        for problem in item.problems:
            finding = knowledge.unparsable.judge(item.source, problem)
            console.err(text.finding_lines(finding, console.err_style()))
            code = Exit.FINDINGS
        for use in item.uses:
            if form is Format.JSONL:
                console.out([jsonl.use_line(use)])
            else:
                console.out([text.use_line(use, jsonl.status(use), style)])
    return Exit.BUG if bugs else code
