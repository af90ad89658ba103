"""``check --baseline``: what is new, beside the findings that are known."""

from collections.abc import Iterable, Iterator

from boltseal import baseline, console
from boltseal.baseline import Baseline, Seen
from boltseal.commands.check import closing
from boltseal.engine import Inspected, Knows, judge
from boltseal.errors import UsageError
from boltseal.finding import Finding, Origin, Suppression
from boltseal.intake import Request, told
from boltseal.report import text
from boltseal.report.reporter import Reporter, Reporting, Sheet
from boltseal.style import Style
from boltseal.tally import Exit, Tally


def run_compared(
    request: Request,
    knows: Knows,
    reporting: Reporting,
    known: Baseline,
    *,
    shrink: bool = False,
    everywhere: bool = True,
) -> Exit:
    """Report what is not ``known`` yet, and say what is known and gone.

    With ``shrink`` the file loses what is gone. ``everywhere`` is False where places are left out
    of this run alone. Raises UsageError where it cannot be written.
    """
    ruling = knows("").ruling
    is_partial = ruling.is_partial or not everywhere
    if shrink and is_partial:
        raise UsageError(
            "--shrink-baseline needs every finding: leave out --since, --severity and --no-place"
        )
    reporter = Reporter(reporting)

    def tell(item: Inspected) -> tuple[Sheet, Seen]:
        path = item.source.path
        findings = tuple(judge(knows(path), item))
        return reporter.sheet(findings, item.bug), _seen(known, item, findings)

    met: list[Seen] = []
    for sheet, seen in told(request, knows, tell):
        reporter.take(sheet)
        met.append(seen)
    code = reporter.end("check", closing)
    if not is_partial:
        _tell_gone(known, baseline.gone(known, met, ruling.names.asked), shrink=shrink)
    return code


def run_created(request: Request, knows: Knows, path: str, reporting: Reporting) -> Exit:
    """Write a baseline with all that is found, which reports then have as known.

    Raises UsageError where there is one already.
    """
    baseline.refuse_existing(path)
    empty = baseline.nothing(path)
    known = Suppression(Origin.BASELINE, where=path)
    reporter = Reporter(reporting)

    def tell(item: Inspected) -> tuple[Sheet, Seen]:
        found = tuple(judge(knows(item.source.path), item))
        marked = [it if it.suppression else it._replace(suppression=known) for it in found]
        return reporter.sheet(marked, item.bug), _seen(empty, item, found)

    met: list[Seen] = []
    for sheet, seen in told(request, knows, tell):
        reporter.take(sheet)
        met.append(seen)
    made = baseline.create(path, met)

    def wrote(_tally: Tally, _style: Style) -> Iterator[str]:
        number = text.count(baseline.total(made), "finding")
        yield f"Wrote {made.shown} with {number} in {text.count(len(made.known), 'file')}."

    return reporter.end("check", wrote)


def _seen(known: Baseline, item: Inspected, findings: Iterable[Finding]) -> Seen:
    inside = known.of(item.source.path).path
    return baseline.seen(inside, findings, whole=not (item.problems or item.bug))


def _tell_gone(known: Baseline, lost: Baseline, *, shrink: bool) -> None:
    if not shrink:
        if line := baseline.gone_line(lost):
            console.say(line)
        return
    baseline.shrink(known, lost)
    dropped = text.count(baseline.total(lost), "finding")
    left = baseline.total(known) - baseline.total(lost)
    console.say(f"{known.shown}: dropped {dropped}, {left} left")
