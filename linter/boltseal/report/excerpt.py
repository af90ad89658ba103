"""A line of source with a span underlined, as wide on the screen as it is long."""

from typing import NamedTuple

from boltseal.printable import printable
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
    head, marked = _flat(raw[left:first]), _flat(raw[first : min(last, right)])
    tail = _flat(raw[min(last, right) : right])
    lead = "…" if left else ""
    end = "…" if right < len(raw) else ""
    before = " " * (_columns(head) + len(lead))
    return Excerpt(
        start.line, f"{lead}{head}{marked}{tail}{end}", before, "^" * max(1, _columns(marked))
    )


def _end_column(source: Source, span: Span, line: int, length: int) -> int:
    if source.line_of(max(span.end - 1, span.start)) == line:
        return source.position(span.end).column
    return length + 1


def _flat(text: str) -> str:
    return printable(text.replace("\t", "    "))


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
