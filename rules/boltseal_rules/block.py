"""A text inside a YAML scalar: where its lines stand in the file."""

import re
from bisect import bisect_right
from typing import NamedTuple

from boltseal.source import Source, Span
from boltseal_rules.formats.yaml_tree import Scalar, verbatim

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


class Line(NamedTuple):
    """One line of the text, in bytes: from ``start`` to ``end`` in it, and ``at`` in the file."""

    start: int
    end: int
    at: int


class Block(NamedTuple):
    """A text line by line; without lines where the file has folded or escaped them.

    ``line_break`` is what a new line of the text begins with in the file, its indentation
    included; None where no line can be added.
    """

    lines: tuple[Line, ...]
    starts: tuple[int, ...]
    line_break: str | None

    def move(self, span: Span) -> Span | None:
        """The span of the file with the same bytes; None where there is none."""
        index = bisect_right(self.starts, span.start) - 1
        if index < 0 or span.end > self.lines[index].end:
            return None
        by = self.lines[index].at - self.lines[index].start
        return Span(span.start + by, span.end + by)


def block(source: Source, scalar: Scalar) -> Block:
    """Where the value of ``scalar`` stands in the file, of which offsets count in UTF-8."""
    if scalar.style == "|":
        return _literal(source, scalar)
    span = verbatim(source, scalar)
    if span is None:
        return Block((), (), None)
    start = len(scalar.value) - len(scalar.value.lstrip())
    start = len(scalar.value[:start].encode())
    return Block((Line(start, start + span.end - span.start, span.start),), (start,), None)


def block_of_lines(data: bytes, start: int, end: int, *, tabs: bool) -> Block:
    """Where a text stands whose lines are those from byte ``start`` to ``end``.

    With ``tabs`` it lacks the tabs before each of them, as that of a heredoc after ``<<-`` does.
    """
    lines: list[Line] = []
    at = length = 0
    for line in _LINE.findall(data, start, end):
        kept = line.lstrip(b"\t") if tabs else line
        skipped = len(line) - len(kept)
        lines.append(Line(length, length + len(kept), start + at + skipped))
        length, at = length + len(kept), at + len(line)
    first = data.find(b"\n", start, end)
    line_break = "\r\n" if first > start and data[first - 1 : first] == b"\r" else "\n"
    return Block(tuple(lines), tuple(line.start for line in lines), None if tabs else line_break)


def _literal(source: Source, scalar: Scalar) -> Block:
    raw = source.text[scalar.start : scalar.end].split("\n")[1:]
    indent = _indent(raw, scalar.value)
    at = source.text.find("\n", scalar.start) + 1
    end = "\r\n" if source.text[max(0, at - 2) : at] == "\r\n" else "\n"
    lines: list[Line] = []
    start = 0
    for written, line in zip(raw, scalar.value.split("\n"), strict=False):
        if line and written[indent:].rstrip("\r") != line:
            return Block((), (), None)
        where = source.byte_offset(min(at + indent, len(source.text)))
        lines.append(Line(start, start + len(line.encode()), where))
        start, at = lines[-1].end + 1, at + len(written) + 1
    return Block(tuple(lines), tuple(line.start for line in lines), end + " " * indent)


def _indent(raw: list[str], value: str) -> int:
    """How many characters of indentation a literal scalar has lost."""
    for written, line in zip(raw, value.split("\n"), strict=False):
        if line:
            return max(0, len(written.rstrip("\r")) - len(line))
    return 0
