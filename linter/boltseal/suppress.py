"""What comments do to findings: which they accept, and which comments do nothing."""

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from boltseal.comment import Comment
from boltseal.errors import unknown
from boltseal.finding import Finding, Origin, Suppression
from boltseal.printable import brief
from boltseal.reach import Lines
from boltseal.source import Span
from boltseal.use import Split

_EVERYWHERE = Lines(0, sys.maxsize)
_TOLD = 3
"""Unknown names of one comment that are told."""


class Idle(NamedTuple):
    """A comment that does nothing, in whole or in part.

    ``rules`` are those that it names and that have nothing to say where it stands, ``unknown`` what
    to say of names of no rule. Both are empty for a comment that names none and accepts nothing.
    """

    comment: Comment
    rules: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def suppressed(findings: Iterable[Finding], said: Sequence[Comment]) -> list[Finding]:
    """The findings of one file, with a suppression on those that a comment accepts.

    A suppression that is set already stays.
    """
    findings = list(findings)
    if not said:
        return findings
    index = _Index(findings, said)
    return [
        finding._replace(suppression=finding.suppression or index.suppression(finding))
        for finding in findings
    ]


def idle(
    findings: Iterable[Finding],
    said: Sequence[Comment],
    *,
    known: Collection[str],
    asked: Collection[str],
    usual: Collection[str],
) -> Iterator[Idle]:
    """The comments that do nothing, given all findings of the file, the accepted ones too.

    ``known`` are the names of all rules, ``asked`` those that were asked in this run, ``usual``
    those that every plain run asks. What a rule that was not asked would have said is not known, so
    its name is never idle; a comment that names none is idle where all the usual ones were asked.
    Comments of other programs are never idle: they may stand there for rules that are not ours.
    """
    ours = [comment for comment in said if not comment.program]
    if not ours:
        return
    findings = list(findings)
    does = _Index(findings, ours).done(findings)
    all_usual_asked = set(usual) <= set(asked)
    for comment in ours:
        done = does.get(comment, ())
        rules = tuple(rule for rule in comment.rules if rule in asked and rule not in done)
        strange = [rule for rule in comment.rules if rule not in known]
        if rules or strange or (not comment.rules and not done and all_usual_asked):
            told = (unknown("rule", brief(name), known) for name in strange[:_TOLD])
            yield Idle(comment, rules, tuple(told))


def lines_of(finding: Finding) -> set[int]:
    """The 1-based lines of a finding: of what it underlines, and of what its fix would write."""
    lines: set[int] = set()
    for span in (finding.span, *_slots(finding)):
        first = finding.source.line_of(span.start)
        # A span that ends with its line's end is not on the next line.
        last = finding.source.line_of(max(span.start, span.end - 1))
        lines.update(range(first, last + 1))
    return lines


def _slots(finding: Finding) -> Iterator[Span]:
    spelling = finding.use.spelling if finding.use else None
    if isinstance(spelling, Split):
        yield from (slot.span for slot in (spelling.tag, spelling.digest) if slot)
        if spelling.sealed:
            yield spelling.sealed


class _Index:
    """Comments by the lines that they are for, kept for the lines that findings are on.

    Many comments may be for the same lines, and many findings on one: both are asked for once.
    """

    def __init__(self, findings: Sequence[Finding], said: Sequence[Comment]) -> None:
        self._said: dict[Lines, list[Comment]] = {}
        for comment in said:
            lines = _EVERYWHERE if comment.whole_file else Lines(comment.first, comment.last)
            self._said.setdefault(lines, []).append(comment)
        self._on = _on_lines(set().union(*map(lines_of, findings)), self._said)
        self._for: dict[tuple[Lines, str], list[Comment]] = {}

    def suppression(self, finding: Finding) -> Suppression | None:
        """What the first comment says that accepts a finding; None if none does."""
        accepting = [said[0] for lines in self._near(finding) if (said := self._of(lines, finding))]
        if not accepting:
            return None
        comment = min(accepting)
        where = f"{finding.source.path}:{comment.line}"
        return Suppression(Origin.COMMENT, comment.reason, where)

    def done(self, findings: Iterable[Finding]) -> dict[Comment, set[str]]:
        """For each comment that accepts something, the rules of the findings that it accepts."""
        does: dict[Comment, set[str]] = {}
        told: set[tuple[Lines, str]] = set()
        for finding in findings:
            for lines in self._near(finding):
                if (lines, finding.rule) not in told:
                    told.add((lines, finding.rule))
                    for comment in self._of(lines, finding):
                        does.setdefault(comment, set()).add(finding.rule)
        return does

    def _near(self, finding: Finding) -> set[Lines]:
        return {lines for line in lines_of(finding) for lines in self._on.get(line, ())}

    def _of(self, lines: Lines, finding: Finding) -> list[Comment]:
        key = lines, finding.rule
        if key not in self._for:
            self._for[key] = [it for it in self._said[lines] if it.names(finding.rule)]
        return self._for[key]


def _on_lines(wanted: Iterable[int], ranges: Iterable[Lines]) -> dict[int, tuple[Lines, ...]]:
    """For each wanted line, the ranges that it is in."""
    coming = sorted(ranges, reverse=True)
    here: list[tuple[int, Lines]] = []  # a heap, with the range that ends first at its top
    on: dict[int, tuple[Lines, ...]] = {}
    for line in sorted(wanted):
        while coming and coming[-1].first <= line:
            lines = coming.pop()
            heappush(here, (lines.last, lines))
        while here and here[0][0] < line:
            heappop(here)
        on[line] = tuple(lines for _, lines in here)
    return on
