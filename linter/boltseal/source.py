"""A file as bytes, with maps between bytes, characters and lines."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from boltseal.pattern import pattern

BOM = b"\xef\xbb\xbf"
CONTINUATION = bytes(range(0x80, 0xC0))
"""The bytes with which no character begins (RFC 3629)."""
_BLOCK = 4096
_ESCAPED_LETTER = pattern(rb"\\(?:x|u00|U000000)[4-7]")


class Span(NamedTuple):
    """A half-open range of byte offsets."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people count it: both 1-based, the column in characters."""

    line: int
    column: int


class Unparsable(Exception):
    """A file, or a part of one, that cannot be understood: the reason, and the byte offset."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class Tree(Protocol):
    """The files around one, for formats whose meaning is spread over several.

    Paths are as shown: with '/' between folders, relative to the current directory or absolute.
    Nothing outside the tree that is scanned is ever looked at, whatever a file in it says.
    ``root`` is its topmost folder; '.' is the current directory.
    """

    root: str

    def __hash__(self) -> int:
        """By identity: what is found out about a tree once is kept."""

    def read(self, path: str) -> "Source | None":
        """The file at ``path``; None where there is none that may be read."""

    def exists(self, path: str) -> bool:
        """Whether a regular file that may be read is at ``path``."""

    def files(self, folder: str, wants: Callable[[str], bool]) -> Sequence[str]:
        """The paths below ``folder`` for which ``wants`` holds, sorted; ignored ones left out."""


class _Alone:
    """The tree of a file of which nothing else is known."""

    root = "."

    def read(self, path: str) -> "Source | None":  # noqa: ARG002 - the protocol names it
        return None

    def exists(self, path: str) -> bool:  # noqa: ARG002 - the protocol names it
        return False

    def files(self, folder: str, wants: Callable[[str], bool]) -> Sequence[str]:  # noqa: ARG002
        return ()


ALONE: Tree = _Alone()
"""The tree of a file of which nothing else is known."""


class Source:
    """One file. ``path`` is how it is shown, with '/' between folders; ``data`` is every byte of it.

    Offsets count from the first byte, a byte order mark included. ``text`` is the same without the
    mark; ``byte_offset`` leads from its characters back to the bytes.
    """

    def __init__(
        self, path: str, data: bytes, tree: Tree | Callable[[], Tree] = lambda: ALONE
    ) -> None:
        """Take the bytes, and the tree or what finds it when somebody asks for it."""
        self.path = path
        self.data = data
        self._tree = tree
        self._last_line = (0, "")
        self._held: dict[bytes, bool] = {}

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.data)} bytes)"

    @cached_property
    def tree(self) -> Tree:
        """The files around this one."""
        return self._tree() if callable(self._tree) else self._tree

    @cached_property
    def hides_letters(self) -> bool:
        """Whether ASCII letters may be written as escapes (YAML 1.2, 5.7; RFC 8259, 7).

        What is looked for in the bytes need not be found then.
        """
        return b"\\" in self.data and _ESCAPED_LETTER.search(self.data) is not None

    def holds(self, part: bytes) -> bool:
        """Whether the bytes stand anywhere in the file. Many ask for the same: each is sought once."""
        held = self._held.get(part)
        if held is None:
            held = self._held[part] = part in self.data
        return held

    @cached_property
    def bom(self) -> int:
        """Length of the byte order mark: 3 or 0."""
        return len(BOM) if self.data.startswith(BOM) else 0

    @cached_property
    def text(self) -> str:
        """The characters after the byte order mark. Raises Unparsable where they are not UTF-8."""
        try:
            return self.data[self.bom :].decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unparsable("not UTF-8 text", self.bom + error.start) from None

    @cached_property
    def _is_ascii(self) -> bool:
        return self.data.isascii()

    @cached_property
    def _counts(self) -> list[int]:
        """The characters that begin before each block of bytes: little even for a large file."""
        counts = [0]
        for at in range(self.bom, len(self.data), _BLOCK):
            begun = self.data[at : at + _BLOCK].translate(None, CONTINUATION)
            counts.append(counts[-1] + len(begun))
        return counts

    def byte_offset(self, index: int) -> int:
        """The byte offset of the character at ``index`` of ``text``."""
        if self._is_ascii:
            return index
        block = bisect_right(self._counts, index) - 1
        at = min(self.bom + block * _BLOCK, len(self.data))
        while self.data[at : at + 1] and self.data[at] in CONTINUATION:
            at += 1
        within = self.data[at : at + _BLOCK].decode("utf-8", "ignore")
        return at + len(within[: index - self._counts[block]].encode())

    def characters(self, start: int, end: int) -> str:
        """``text`` from one character to another. The whole of it is not made for a few of them."""
        if "text" in self.__dict__:
            return self.text[start:end]
        return self.data[self.byte_offset(start) : self.byte_offset(end)].decode("utf-8")

    def _index(self, offset: int) -> int:
        """How many characters begin before a byte offset, the byte order mark left out."""
        block, left = divmod(offset - self.bom, _BLOCK)
        begun = self.data[offset - left : offset].translate(None, CONTINUATION)
        return self._counts[block] + len(begun)

    @cached_property
    def _line_starts(self) -> Sequence[int]:
        from array import array  # of a million lines, a list would be larger than the file

        starts, at = array("Q", [0]), self.data.find(b"\n") + 1
        while at:
            starts.append(at)
            at = self.data.find(b"\n", at) + 1
        return starts

    def line_start(self, line: int) -> int:
        """The byte offset at which the 1-based ``line`` starts."""
        return self._line_starts[line - 1]

    def line_of(self, offset: int) -> int:
        """The 1-based line of a byte offset."""
        return bisect_right(self._line_starts, offset)

    def position(self, offset: int) -> Position:
        """Line and column of a byte offset. The byte order mark has no column."""
        line = self.line_of(offset)
        start = self.line_start(line) or self.bom
        offset = max(start, offset)
        if self._is_ascii:
            return Position(line, offset - start + 1)
        # Counted by blocks: one line may be megabytes and hold thousands of findings.
        return Position(line, self._index(offset) - self._index(start) + 1)

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its end."""
        if line != self._last_line[0]:
            self._last_line = line, self._decoded_line(line)
        return self._last_line[1]

    def _decoded_line(self, line: int) -> str:
        start = self.line_start(line) or self.bom
        end = self.data.find(b"\n", start)
        raw = self.data[start:] if end < 0 else self.data[start:end]
        return raw.decode("utf-8", "replace").rstrip("\r")

    def slice(self, span: Span) -> bytes:
        """The bytes of a span."""
        return self.data[span.start : span.end]
