"""Which lines a comment is for, told from what lines begin and end with. Linear in the file's size.

A comment behind something is for its line, one alone for the next line that is neither blank nor a
comment. From there it goes on over what belongs to the line: lines that it continues on, and, where
it opens a block, the lines below that are indented deeper.
"""

from collections.abc import Sequence
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.source import Source

_REMARK = pattern(rb"#|//|;|/\*|--[ \t\r\n]|<!--|\{#|\{\{-?[ \t]*+/\*")
_INDENT = pattern(rb"[ \t]*+")
_BLANK = (b"", b"\r", b"\n")
_ITEM = pattern(rb"-[ \t]++|-(?=\r?(?:\n|\Z))")
_BEHIND = (b" #", b"\t#", b" //", b" /*", b" {#")
_OPENERS = (b":", b"{", b"[", b"(")
_SCALAR = pattern(rb"[|>][-+0-9]{0,2}")
_LONG = 1000
"""Bytes beyond which no line is asked what it opens: such lines are data."""
_TAIL = 200


class Mark(NamedTuple):
    """Where a comment stands: its lines, and whether it is alone on them, above what it is for."""

    first: int
    last: int
    above: bool


class Lines(NamedTuple):
    """A range of lines, 1-based, both ends included."""

    first: int
    last: int


def is_remark(data: bytes, at: int) -> bool:
    """Whether what begins at a byte offset is a comment, in any of the languages."""
    return _REMARK.match(data, at) is not None


def reach(source: Source, marks: Sequence[Mark]) -> list[Lines]:
    """The lines that each comment is for; its own last line where nothing follows it."""
    return _Scan(source, marks).run()


class _Block(NamedTuple):
    """Lines deeper than ``indent``, and with ``items`` items of a list that are as deep."""

    indent: int
    items: bool
    marks: list[int]


class _Scan:
    """One way through the lines, from comment to comment."""

    def __init__(self, source: Source, marks: Sequence[Mark]) -> None:
        self._source = source
        self._data = source.data
        self._marks = marks
        self._lines = [Lines(mark.last, mark.last) for mark in marks]
        self._waiting: list[int] = []
        self._statement: list[int] = []
        self._blocks: list[_Block] = []
        self._content = 0
        """The last line that held anything."""

    def run(self) -> list[Lines]:
        following = 0
        line, start = 0, 0
        while following < len(self._marks) or self._is_busy:
            if self._is_busy:
                line, start = line + 1, self._end_of(start) + 1
                if start > len(self._data):
                    break
            else:
                line = max(line + 1, self._marks[following].last)
                start = self._source.line_start(line)
            behind: list[int] = []
            alone = False
            while following < len(self._marks) and self._marks[following].last <= line:
                alone = alone or self._marks[following].above
                (self._waiting if self._marks[following].above else behind).append(following)
                following += 1
            if following < len(self._marks) and self._marks[following].first <= line:
                continue  # within a comment of several lines
            self._take(line, start or self._source.bom, behind, alone=alone)
        self._close(-1, is_item=False)
        self._end_statement()
        return self._lines

    @property
    def _is_busy(self) -> bool:
        return bool(self._waiting or self._statement or self._blocks)

    def _end_of(self, start: int) -> int:
        end = self._data.find(b"\n", start)
        return len(self._data) if end < 0 else end

    def _take(self, line: int, start: int, behind: list[int], *, alone: bool) -> None:
        """Go over one line, with the comments that stand behind something on it."""
        at = self._indented(start)
        if not behind and (alone or self._is_empty(at)):
            return
        item = _ITEM.match(self._data, at)
        self._close(at - start, is_item=item is not None)
        above, self._waiting = self._waiting, []
        for mark in (*above, *behind):
            self._lines[mark] = Lines(line, line)
        self._statement += above + behind
        self._content = line
        end = self._end_of(at)
        if self._statement and not continues(self._data, at, end):
            self._end_statement()
        if (above or behind) and end - at <= _LONG:
            self._open(at - start, item.end() - start if item else -1, at, end, above, behind)

    def _indented(self, start: int) -> int:
        indent = _INDENT.match(self._data, start)
        return indent.end() if indent else start

    def _is_empty(self, at: int) -> bool:
        return self._data[at : at + 1] in _BLANK or is_remark(self._data, at)

    def _open(
        self, indent: int, inner: int, at: int, end: int, above: list[int], behind: list[int]
    ) -> None:
        """Note the block that a line opens; ``inner`` is where an item's content begins, or -1."""
        opens = _opens(self._data[at:end])
        if inner >= 0:
            if above:
                self._blocks.append(_Block(indent, items=False, marks=above))
            if opens and behind:
                self._blocks.append(_Block(inner, items=True, marks=behind))
        elif opens:
            self._blocks.append(_Block(indent, items=True, marks=above + behind))

    def _close(self, indent: int, *, is_item: bool) -> None:
        """End the blocks that a line of this indentation is no part of."""
        while self._blocks:
            block = self._blocks[-1]
            if indent > block.indent or (is_item and block.items and indent == block.indent):
                return
            self._blocks.pop()
            self._extend(block.marks)

    def _end_statement(self) -> None:
        self._extend(self._statement)
        self._statement = []

    def _extend(self, marks: list[int]) -> None:
        for mark in marks:
            first, last = self._lines[mark]
            self._lines[mark] = Lines(first, max(last, self._content))


def continues(data: bytes, at: int, end: int) -> bool:
    """Whether a line goes on in the next: with a backslash, or a backtick behind a blank.

    The backtick is that of PowerShell, and of a Dockerfile that says ``escape=``.
    """
    tail = data[max(at, end - _TAIL) : end].rstrip()
    slashes = len(tail) - len(tail.rstrip(b"\\"))
    return slashes % 2 == 1 or tail.endswith((b" `", b"\t`"))


def _opens(line: bytes) -> bool:
    """Whether what follows a line belongs to it: it ends in a colon, a bracket, ``|`` or ``>``."""
    words = _without_remark(line).split()
    while words and words[-1][:1] in (b"&", b"!"):  # an anchor or a tag of YAML
        words.pop()
    if not words:
        return False
    return words[-1].endswith(_OPENERS) or _SCALAR.fullmatch(words[-1]) is not None


def _without_remark(line: bytes) -> bytes:
    ends = (line.find(opener) for opener in _BEHIND)
    return line[: min((end for end in ends if end >= 0), default=len(line))]
