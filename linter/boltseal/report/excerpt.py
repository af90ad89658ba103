"""A line of source with a span underlined, as wide on the screen as it is long."""

from typing import NamedTuple

from boltseal.printable import characters
from boltseal.source import Source, Span

_WIDTH = 140
_BEFORE = 40


class Excerpt(NamedTuple):
    """The line's number, its text, and the underline below it."""

    line: int
    text: str
    before: str
    marks: str


def excerpt(source: Source, span: Span) -> Excerpt:
    """The line on which ``span`` starts. A long line is cut around it; tabs become spaces."""
    start = source.position(span.start)
    raw = source.line_text(start.line)
    first = start.column - 1
    last = _end_column(source, span, start.line, len(raw)) - 1
    left = 0
    if len(raw) > _WIDTH:
        left = max(0, first - _BEFORE)
    right = min(len(raw), left + _WIDTH)
    shown = _flat(raw[left:right])
    head, marked = shown[: first - left], shown[first - left : max(first, last) - left]
    tail = shown[max(first, last) - left :]
    lead = "…" if left else ""
    end = "…" if right < len(raw) else ""
    before = " " * (_columns("".join(head)) + len(lead))
    marks = "^" * max(1, _columns("".join(marked)))
    return Excerpt(start.line, "".join((lead, *head, *marked, *tail, end)), before, marks)


def _end_column(source: Source, span: Span, line: int, length: int) -> int:
    if source.line_of(max(span.end - 1, span.start)) == line:
        return source.position(span.end).column
    return length + 1


def _flat(text: str) -> list[str]:
    # Character by character, since what is a command to a service may lie across the span's ends.
    return ["    " if raw == "\t" else it for raw, it in zip(text, characters(text), strict=True)]


def _columns(text: str) -> int:
    """How many columns a terminal gives to ``text`` (Unicode annex 11)."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
