"""``check``: what can change under your feet."""

from collections.abc import Iterator

from boltseal.engine import Inspected, Knows, judge
from boltseal.intake import Request, told
from boltseal.report import text
from boltseal.report.reporter import IN_TEXT, Reporter, Reporting, Sheet
from boltseal.style import Style
from boltseal.tally import Exit, Tally


def run_check(request: Request, knows: Knows, reporting: Reporting = IN_TEXT) -> Exit:
    """Report what can change. Opens no socket and writes no file of the tree."""
    reporter = Reporter(reporting)

    def tell(item: Inspected) -> Sheet:
        return reporter.sheet(judge(knows(item.source.path), item), item.bug)

    for sheet in told(request, knows, tell):
        reporter.take(sheet)
    return reporter.end("check", closing)


def closing(tally: Tally, style: Style) -> Iterator[str]:
    """What a check comes to, in one line."""
    yield text.summary(tally, style)
