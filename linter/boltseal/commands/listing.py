"""``list``: every use, pinned or not."""

from typing import NamedTuple

from boltseal import console
from boltseal.engine import Inspected, Knows
from boltseal.intake import Request, told
from boltseal.report import jsonl, text
from boltseal.report.form import UseFormat
from boltseal.report.trouble import is_bug
from boltseal.style import Style
from boltseal.tally import Exit
from boltseal.use import ImageUse


class _Report(NamedTuple):
    """What there is to say of one file, and of its parts that could not be read."""

    lines: tuple[str, ...]
    problems: tuple[str, ...]
    bug: str


def run_list(request: Request, knows: Knows, form: UseFormat) -> Exit:
    """Report every use, pinned or not. A file that cannot be read is named on standard error."""
    style, error_style = console.out_style(), console.err_style()

    def report(item: Inspected) -> _Report:
        lines = tuple(_line(use, form, style) for use in item.uses)
        unparsable = knows(item.source.path).unparsable
        found = (unparsable.judge(item.source, it) for it in item.problems)
        problems = (line for it in found for line in text.finding_lines(it, error_style))
        return _Report(lines, tuple(problems), item.bug)

    code = Exit.CLEAN
    bugs = 0
    for it in told(request, knows, report):
        bugs += is_bug(it.bug)
        console.err(it.problems)
        console.out(it.lines)
        if it.problems:
            code = Exit.FINDINGS
    return Exit.BUG if bugs else code


def _line(use: ImageUse, form: UseFormat, style: Style) -> str:
    if form is UseFormat.JSONL:
        return jsonl.use_line(use)
    return text.use_line(use, jsonl.status(use), style)
