"""Comments that accept findings: how they are written, where they stand, what they are for.

``# boltseal: ignore[rule, rule] reason`` in a comment of any language. Nothing here knows a format:
a comment is known by what opens it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from boltseal.configuration.settings import NEEDLE
from boltseal.ignores.reach import Mark, is_remark, reach
from boltseal.pattern import pattern
from boltseal.source import Source, Span

_COMMENT = pattern(
    rb"(?:(?<![^ \t\r\n])|(?<=\A\xef\xbb\xbf)|(?<=\{\{))"
    rb"(?P<opener>#+|//+|/\*+|;+|--|<!--|\{#-?)[ \t]*+boltseal:[ \t]*+ignore(?P<file>-file)?+"
    rb"(?:[ \t]*+\[(?P<rules>[ \t,]*+[\w-][\w, \t-]*+)\])?+(?=[ \t\r\n]|\*+/|-->|-?#\}|\Z)"
)
_CLOSERS = {b"/*": b"*/", b"<!": b"-->", b"{#": b"#}"}
_TO_LINE_END = (b"#", b"//", b";", b"--")
_TEMPLATE_OPENER = 8
"""Bytes that the opener of a template's comment may have before the comment: ``{{- ``."""
_INDENT = pattern(rb"[ \t]*+")
_NOTHING_BEHIND = pattern(rb"[ \t]*+(?:-?\}\})?+[ \t\r]*+(?:\n|\Z)")


class Comment(NamedTuple):
    """A comment that accepts findings.

    ``span`` is the comment from what opens it to its end, on the 1-based ``line``. It is for the
    lines from ``first`` to ``last``, other comments directly above it included, or for the file. ``rules`` is empty for all rules,
    ``reason`` '' where none is given. ``program`` is whose comment it is, '' for ours.
    """

    span: Span
    line: int
    first: int
    last: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    whole_file: bool = False
    program: str = ""

    def names(self, rule: str) -> bool:
        """Whether it is for a rule."""
        return not self.rules or rule in self.rules


class Pragma(NamedTuple):
    """The comments of another program: ``needle`` stands in every file with one, ``read`` finds them."""

    program: str
    needle: bytes
    read: Callable[[Source], Iterable[Comment]]


class _Written(NamedTuple):
    """A comment as it is written, and whether it is closed before its line ends."""

    span: Span
    closed: bool
    rules: tuple[str, ...]
    reason: str
    whole_file: bool


def comments(source: Source, pragmas: Sequence[Pragma] = ()) -> tuple[Comment, ...]:
    """Every comment of a file that accepts findings, in order. Linear in the size of the file."""
    found: list[Comment] = []
    if source.holds(NEEDLE):
        written = list(_written(source.data))
        marks = list(_marks(source, written))
        rows = zip(written, marks, _heads(source, marks), reach(source, marks), strict=True)
        found += (
            Comment(it.span, mark.first, head or first, last, it.rules, it.reason, it.whole_file)
            for it, mark, head, (first, last) in rows
        )
    for pragma in pragmas:
        if source.holds(pragma.needle):
            found += pragma.read(source)
    return tuple(sorted(found))


def _written(data: bytes) -> Iterator[_Written]:
    missing: set[bytes] = set()
    at = 0
    while match := _COMMENT.search(data, at):
        at, text, closed = _end(data, match, missing)
        rules = (match["rules"] or b"").decode().replace(",", " ").split()
        reason = text.decode("utf-8", "replace").strip(" \t\r*-:\u2013\u2014")
        span = Span(match.start(), at)
        yield _Written(span, closed, tuple(dict.fromkeys(rules)), reason, match["file"] is not None)


def _end(data: bytes, match: re.Match[bytes], missing: set[bytes]) -> tuple[int, bytes, bool]:
    """Where a comment ends, what is said in it on its first line, and whether it is closed.

    ``missing`` are the closers that stand nowhere ahead.
    """
    start = match.end()
    line_end = data.find(b"\n", start)
    line_end = len(data) if line_end < 0 else line_end
    closer = _CLOSERS.get(match["opener"][:2])
    if closer and closer not in missing:
        stop = data.find(closer, start)
        if stop >= 0:
            return stop + len(closer), data[start : min(stop, line_end)], True
        missing.add(closer)
    text = data[start:line_end]
    return start + len(text.rstrip(b"\r")), text, False


def _marks(source: Source, written: Iterable[_Written]) -> Iterator[Mark]:
    """Where the comments stand, in order. A line's indentation is looked at once."""
    line = at = 0
    for it in written:
        first, last = source.line_of(it.span.start), source.line_of(it.span.end - 1)
        if first != line:
            line, at = first, _indented(source, first)
        if _is_behind(source.data, at, it.span.start):
            yield Mark(first, first, above=False)
            continue
        nothing_behind = not it.closed or _NOTHING_BEHIND.match(source.data, it.span.end)
        yield Mark(first, last, above=bool(nothing_behind))


def _heads(source: Source, marks: Iterable[Mark]) -> Iterator[int]:
    """For each comment, the first line of the comments directly above it; 0 where there are none.

    Above ``# syntax=`` of a Dockerfile nothing may stand, so what is for it stands below.
    """
    head = last = 0
    for mark in marks:
        if not mark.above:
            yield 0
            continue
        line = mark.first
        while line - 1 > last and is_remark(source.data, _indented(source, line - 1)):
            line -= 1
        if not last or line - 1 != last:  # else it is in one run with the comment before it
            head = line if line < mark.first else 0
        last = mark.last
        yield head


def _indented(source: Source, line: int) -> int:
    """The byte at which a line's content begins."""
    start = source.line_start(line) or source.bom
    indent = _INDENT.match(source.data, start)
    return indent.end() if indent else start


def _is_behind(data: bytes, at: int, start: int) -> bool:
    """Whether anything but a comment that goes on to the end of the line stands before one.

    ``at`` is where the line's content begins.
    """
    if data.startswith(_TO_LINE_END, at):
        return not is_remark(data, at)
    return start - at > _TEMPLATE_OPENER or data[at:start].strip(b"{- \t") != b""
