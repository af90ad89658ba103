"""``check --add-ignores``: a comment for everything that is found now."""

from collections.abc import Iterator
from typing import NamedTuple

from boltseal import console
from boltseal.annotate import Annotated, StyleOf, annotated, checked_reason
from boltseal.bug import described
from boltseal.commands.rewriting import is_rewritten
from boltseal.engine import Inspected, Knowledge, Knows, judge
from boltseal.errors import UsageError
from boltseal.finding import Finding
from boltseal.intake import STDIN, Request, inspected
from boltseal.report import text
from boltseal.report.accepting import accept_lines
from boltseal.report.reporter import IN_TEXT, Reporter, Reporting
from boltseal.style import Style
from boltseal.tally import Exit, Tally


class _Work(NamedTuple):
    """What every comment is made of: the reason, and how comments are written."""

    reason: str
    style_of: StyleOf


def run_add_ignores(
    request: Request,
    knows: Knows,
    reason: str,
    style_of: StyleOf,
    reporting: Reporting = IN_TEXT,
) -> Exit:
    """Write an ignore comment with ``reason`` for every finding, and report those that have no place.

    For these the entries of a configuration are printed. Raises UsageError for a reason that cannot
    stand in a comment, and where comments are not heeded.
    """
    if knows("").ruling.comment_rules is None:
        raise UsageError("--add-ignores and --no-ignores contradict each other")
    work = _Work(checked_reason(reason), style_of)
    stdin = STDIN in request.paths
    reporter = Reporter(reporting, beside=stdin)
    accepted: list[str] = []
    entries: list[str] = []
    for item in inspected(request, knows):
        knowledge = knows(item.source.path)
        result, bug = _annotated(knowledge, item, work)
        if stdin:
            console.out_bytes([result.data])
        elif result.accepted and not is_rewritten(result.source, result.data):
            result = _untouched(knowledge, item)
        accepted += [finding.source.path for finding in result.accepted]
        unplaced = [finding for finding in result.left if finding.use]
        entries += accept_lines(unplaced, knowledge.ruling.relative, work.reason)
        reporter.take(reporter.sheet(result.left, bug))

    def closing(tally: Tally, style: Style) -> Iterator[str]:
        number = text.count(len(accepted), "finding")
        line = f"Accepted {number} in {text.count(len(set(accepted)), 'file')}."
        left = text.left(tally)
        yield f"{style.green(line)} {left}" if left else style.green(line)
        if entries:
            yield "Where no comment can stand, this accepts findings, in boltseal.toml:"
            yield from entries

    return reporter.end("check", closing)


def _annotated(knowledge: Knowledge, item: Inspected, work: _Work) -> tuple[Annotated, str]:
    """The file with its comments and no bug, or the file as it was and the bug that was met."""
    if item.bug:
        return _untouched(knowledge, item), item.bug
    try:
        return annotated(knowledge, item, work.reason, work.style_of), ""
    except Exception as error:  # noqa: BLE001 - the other files are still to be looked at
        return _untouched(knowledge, item), described(item.source.path, error)


def _untouched(knowledge: Knowledge, item: Inspected) -> Annotated:
    left: tuple[Finding, ...] = tuple(it for it in judge(knowledge, item) if not it.suppression)
    return Annotated(item.source, item.source.data, (), left)
