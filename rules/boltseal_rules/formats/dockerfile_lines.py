"""Physical lines of a Dockerfile put together to logical ones, as BuildKit does it.

dockerfile-parse, which is asked for a second reading, knows instructions and continuation lines and
reads some lines otherwise than BuildKit (``frontend/dockerfile/parser/parser.go``). ``masked``
writes those lines so that both agree: heredocs, empty lines within an instruction, an escaped
escape character at the end of a line, an instruction name that is broken by a continuation, and
an instruction that the end of the file cuts short. Every line keeps its number.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.source import BOM, Unparsable
from boltseal_rules.formats.dockerfile_words import Line, first_index, name_of
from boltseal_rules.formats.heredoc import Heredoc, begun_by

_WITH_HEREDOC = pattern(
    r"(?:onbuild[\t\v\f\r ]+)?(?:run|copy|add)(?:[\t\v\f\r ]|\Z)", re.IGNORECASE
)
# What dockerfile-parse takes for the end of a word, or cannot decode, becomes a question mark.
_PLAIN = bytes(c if 0x20 <= c < 0x7F or c in b"\t\v\f\r" else 0x3F for c in range(256))


class Stretch(NamedTuple):
    """A physical line's share of a logical line: the 0-based number, and the bytes."""

    number: int
    start: int
    end: int


class LogicalLine(NamedTuple):
    """One instruction: its shares, and its text with the shares joined."""

    stretches: tuple[Stretch, ...]
    line: Line

    @property
    def name(self) -> str:
        """The first word, in upper case."""
        return name_of(self.line)[0]


class _Reader:
    """Goes through the physical lines once."""

    def __init__(self, data: bytes, escape: str, *, heredocs: bool) -> None:
        self.data = data
        self.heredocs = heredocs
        self.escape = escape.encode()
        self.lines = list(_physical(data))
        self.at = 0

    def read(self) -> Iterator[LogicalLine]:
        while self.at < len(self.lines):
            logical = self._next()
            if logical:
                yield logical
                if self.heredocs:
                    self._skip_heredocs(logical)

    def _next(self) -> LogicalLine | None:
        """The logical line that begins here; None for a comment and an empty line."""
        stretches: list[Stretch] = []
        continues, is_first = True, True
        while continues and self.at < len(self.lines):
            start, end = self.lines[self.at]
            indent = _indent(self.data, start, end)
            is_blank = indent == end or self.data[indent : indent + 1] == b"#"
            self.at += 1
            if is_blank and is_first:
                return None
            if is_blank:
                continue
            start = indent if is_first else start
            stop, continues = self._continuation(start, end)
            stretches.append(Stretch(self.at - 1, start, stop))
            is_first = False
        return LogicalLine(tuple(stretches), _joined(self.data, stretches))

    def _continuation(self, start: int, end: int) -> tuple[int, bool]:
        """Where the text of a line ends, and whether the next line continues it."""
        text = self.data[start:end].rstrip(b" \t")
        if text.endswith(self.escape) and not text.endswith(self.escape * 2):
            return start + len(text) - 1, True
        return end, False

    def _skip_heredocs(self, logical: LogicalLine) -> None:
        line = logical.line
        if "<<" not in line.text or not _WITH_HEREDOC.match(line.text, first_index(line.text)):
            return
        for heredoc in begun_by(line.text):
            after = self._end_of(heredoc)
            if after is not None:
                self.at = after
            elif not heredoc.is_spaced:
                raise Unparsable(f"heredoc '{heredoc.name}' has no end", line.offset(heredoc.at))

    def _end_of(self, heredoc: Heredoc) -> int | None:
        """The line after the one that ends a heredoc; None where no line does."""
        lines = self._tabbed if heredoc.chomp else self._plain
        numbers = lines.get(heredoc.terminator, [])
        index = bisect_left(numbers, self.at)
        return numbers[index] + 1 if index < len(numbers) else None

    @cached_property
    def _plain(self) -> dict[bytes, list[int]]:
        """The numbers of the lines by their text, so that many heredocs cost one reading."""
        return self._numbers(b"")

    @cached_property
    def _tabbed(self) -> dict[bytes, list[int]]:
        """The same without leading tabs."""
        return self._numbers(b"\t")

    def _numbers(self, leading: bytes) -> dict[bytes, list[int]]:
        numbers: dict[bytes, list[int]] = {}
        for number, (start, end) in enumerate(self.lines):
            text = self.data[start:end]
            numbers.setdefault(text.lstrip(leading) if leading else text, []).append(number)
        return numbers


def logical_lines(data: bytes, escape: str, *, heredocs: bool = True) -> Iterator[LogicalLine]:
    """The instructions of a Dockerfile with their raw text, one after the other.

    Without ``heredocs`` it reads a format that has the same lines and no heredocs (Earthfiles).
    Raises Unparsable at a heredoc without end. A ``<< NAME`` without end is no error: only newer
    versions of BuildKit take it for a heredoc.
    """
    return _Reader(data, escape, heredocs=heredocs).read()


def masked(data: bytes, logical: list[LogicalLine]) -> bytes:
    """The text for dockerfile-parse: the same instructions on the same lines."""
    lines = [b""] * (data.count(b"\n") + 1)
    for instruction in logical:
        first, last = instruction.stretches[0].number, instruction.stretches[-1].number
        lines[first:last] = [b"#"] * (last - first)
        # Of what continues an instruction only the last line matters: dockerfile-parse copies the
        # whole instruction for every line of it.
        for number, start, end in {instruction.stretches[0], instruction.stretches[-1]}:
            text = data[start:end].translate(_PLAIN)
            if number == first and len(text.split(None, 1)) < 2:
                text = instruction.name.encode("latin-1").translate(_PLAIN) + b" "
            # '?' also hides a last character that dockerfile-parse takes for a continuation.
            lines[number] = text + (b"?" if number == last else b" \\")
    return b"\n".join(lines) + b"\n"


def _physical(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of every line, without line ends and byte order mark."""
    at = len(BOM) if data.startswith(BOM) else 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        yield at, at + len(data[at:end].rstrip(b"\r"))
        at = end + 1


def _indent(data: bytes, start: int, end: int) -> int:
    return start + first_index(data[start:end].decode("latin-1"))


def _joined(data: bytes, stretches: list[Stretch]) -> Line:
    texts = [data[s.start : s.end].decode("latin-1") for s in stretches]
    indices, at = [], 0
    for text in texts:
        indices.append(at)
        at += len(text)
    return Line("".join(texts), tuple(indices), tuple(s.start for s in stretches))
