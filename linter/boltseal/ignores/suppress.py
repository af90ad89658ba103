"""What comments do to findings: which they accept, and which comments do nothing."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from boltseal.errors import unknown
from boltseal.finding import Finding, Origin, Suppression
from boltseal.ignores.comment import Comment
from boltseal.printable import brief
from boltseal.source import Span
from boltseal.use import Split

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
    accepting = {
        rule: _first_on(lines, [comment for comment in said if comment.names(rule)])
        for rule, lines in _lines_by_rule(findings).items()
    }
    return [
        finding._replace(suppression=finding.suppression or _accepted(finding, accepting))
        for finding in findings
    ]


def _accepted(finding: Finding, by: Mapping[str, Mapping[int, Comment]]) -> Suppression | None:
    """What the first comment says that accepts a finding; None if none does."""
    on = by[finding.rule]
    accepting = [on[line] for line in lines_of(finding) if line in on]
    if not accepting:
        return None
    comment = min(accepting)
    return Suppression(Origin.COMMENT, comment.reason, f"{finding.source.path}:{comment.line}")


def idle(
    findings: Iterable[Finding],
    said: Sequence[Comment],
    *,
    known: Collection[str],
    asked: Collection[str],
    usual: Collection[str],
) -> Iterator[Idle]:
    """The comments that do nothing, given all findings of the file, the accepted ones too.

    ``known`` are the names of all rules, ``asked`` those whose findings are known, ``usual``
    those that every plain run asks. What a rule that was not asked would have said is not known, so
    its name is never idle; a comment that names none is idle where all the usual ones were asked.
    Comments of other programs are never idle: they may stand there for rules that are not ours.
    """
    ours = [comment for comment in said if not comment.program]
    if not ours:
        return
    on = _lines_by_rule(findings)
    all_usual_asked = set(usual) <= set(asked)
    for comment in ours:
        done = {r for r, lines in on.items() if comment.names(r) and _is_for_any(comment, lines)}
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


def _lines_by_rule(findings: Iterable[Finding]) -> dict[str, list[int]]:
    """The lines on which each rule has something to say, in order."""
    lines: dict[str, set[int]] = {}
    for finding in findings:
        lines.setdefault(finding.rule, set()).update(lines_of(finding))
    return {rule: sorted(on) for rule, on in lines.items()}


def _first_on(lines: Sequence[int], said: Iterable[Comment]) -> dict[int, Comment]:
    """For each of the ordered lines, the first comment of the file that is for it, if one is."""
    coming = sorted(said, key=_first, reverse=True)
    here: list[Comment] = []  # a heap, so that many comments for many lines are looked at once
    first: dict[int, Comment] = {}
    for line in lines:
        while coming and _first(coming[-1]) <= line:
            heappush(here, coming.pop())
        while here and not here[0].whole_file and here[0].last < line:
            heappop(here)
        if here:
            first[line] = here[0]
    return first


def _first(comment: Comment) -> int:
    return 0 if comment.whole_file else comment.first


def _is_for_any(comment: Comment, lines: Sequence[int]) -> bool:
    """Whether a comment is for any of the ordered lines, of which there is one at least."""
    at = bisect_left(lines, comment.first)
    return comment.whole_file or (at < len(lines) and lines[at] <= comment.last)
