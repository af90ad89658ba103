"""Words of a Dockerfile instruction, each character with the byte it stands at.

A line here is an instruction with its continuation lines joined. Text is decoded as Latin-1, so
that one character is one byte; what is shown to people goes through ``shown``.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.source import Span

_BLANKS = " \t\v\f\r"
_PLAIN_WORD = pattern(r"[^\t\v\f\r ]+")
# Go's ``unicode.IsSpace`` beyond ASCII, in UTF-8 read as Latin-1: trimmed at the ends of a line.
_WIDE = [
    chr(code).encode().decode("latin-1")
    for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
]
_SPACE = pattern(rf"(?:[\t-\r ]|{'|'.join(_WIDE)})*")
_SPACE_BACKWARDS = pattern(rf"(?:[\t-\r ]|{'|'.join(space[::-1] for space in _WIDE)})*")


class Line(NamedTuple):
    """A joined line: its text, and for every piece of it the index and byte where it begins."""

    text: str
    indices: tuple[int, ...]
    offsets: tuple[int, ...]

    def offset(self, index: int) -> int:
        """The byte at which the character ``index`` stands."""
        piece = bisect_right(self.indices, index) - 1
        return self.offsets[piece] + index - self.indices[piece]


class Word(NamedTuple):
    """Text with the byte offset of each character; never empty where a span is asked for."""

    text: str
    offsets: Sequence[int]

    @property
    def extent(self) -> Span:
        """From the first byte to the last, whatever is between."""
        return Span(self.offsets[0], self.offsets[-1] + 1)

    @property
    def is_verbatim(self) -> bool:
        """Whether the bytes of the extent are the text and nothing else."""
        return self.offsets[-1] - self.offsets[0] + 1 == len(self.offsets)

    def cut(self, start: int, end: int | None = None) -> "Word":
        """A part of the word, by character index."""
        return Word(self.text[start:end], self.offsets[start:end])


def shown(text: str) -> str:
    """Text of a word for people, and for whoever reads references."""
    return text.encode("latin-1").decode("utf-8", "replace")


def first_index(text: str, start: int = 0) -> int:
    """Where white space that begins at ``start`` ends."""
    match = _SPACE.match(text, start)
    return match.end() if match else start


def last_index(text: str) -> int:
    """Where white space that ends with the text begins."""
    match = _SPACE_BACKWARDS.match(text[::-1])
    return len(text) - (match.end() if match else 0)


def name_of(line: Line, start: int = 0) -> tuple[str, int]:
    """The instruction that a line from ``start`` is, in upper case, and where its name ends.

    Only ASCII letters change: others would no longer be one byte each.
    """
    begin = first_index(line.text, start)
    match = _PLAIN_WORD.match(line.text, begin)
    if not match:
        return "", begin
    return match[0].encode("latin-1").upper().decode("latin-1"), match.end()


def word_of(line: Line, start: int, end: int) -> Word:
    """The word between two indices, with nothing removed. There must be a character between them."""
    first, last = line.offset(start), line.offset(end - 1)
    if last - first == end - 1 - start:
        return Word(line.text[start:end], range(first, last + 1))
    return Word(line.text[start:end], tuple(line.offset(i) for i in range(start, end)))


def plain_words(line: Line, start: int) -> list[Word]:
    """Words between white space, quotes being nothing special (``FROM``)."""
    begin, end = first_index(line.text, start), last_index(line.text)
    return [word_of(line, *m.span()) for m in _PLAIN_WORD.finditer(line.text, begin, end)]


def quoted_words(line: Line, start: int, escape: str) -> list[Word]:
    """Words between white space that is not quoted or escaped, the quotes left in (``ARG``).

    BuildKit: ``parseWords`` in ``frontend/dockerfile/parser/line_parsers.go``.
    """
    at, end = first_index(line.text, start), last_index(line.text)
    words = []
    while at < end:
        stop = _quoted_end(line.text, at, end, escape)
        words.append(word_of(line, at, stop))
        at = stop
        while at < end and line.text[at] in _BLANKS:
            at += 1
    return words


def _quoted_end(text: str, at: int, end: int, escape: str) -> int:
    quote = ""
    while at < end:
        char = text[at]
        if char == escape and quote != "'":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in _BLANKS:
            return at
        at += 1
    return end


def flags(line: Line, start: int, escape: str) -> tuple[list[Word], int]:
    """The words that begin with ``--``, without quotes and escapes, and where the rest begins.

    BuildKit: ``extractBuilderFlags`` in ``frontend/dockerfile/parser/split_command.go``. A bare
    ``--`` ends the flags.
    """
    found: list[Word] = []
    text, at = line.text, first_index(line.text, start)
    while text.startswith("--", at):
        indices, at = _flag(text, at, escape)
        flag = Word("".join(text[i] for i in indices), tuple(line.offset(i) for i in indices))
        at = first_index(text, at)
        if flag.text == "--":
            break
        found.append(flag)
    return found, at


def _flag(text: str, at: int, escape: str) -> tuple[list[int], int]:
    """The indices of the characters of one flag, and where it ends."""
    kept, quote = [], ""
    while at < len(text):
        char = text[at]
        if char == escape:
            at += 1
            kept += [at] if at < len(text) else []
        elif quote or char in "'\"":
            if not quote:
                quote = char
            elif char == quote:
                quote = ""
            else:
                kept.append(at)
        elif char in _BLANKS:
            break
        else:
            kept.append(at)
        at += 1
    return kept, at


def fields(word: Word) -> list[Word]:
    """The comma-separated fields of a word; a field may stand in double quotes (RFC 4180)."""
    found, start, at, text = [], 0, 0, word.text
    while at <= len(text):
        if at == start and text.startswith('"', at):
            end = text.find('"', at + 1)
            end = len(text) if end < 0 else end
            found.append(word.cut(at + 1, end))
            at = start = _after_comma(text, end)
        elif at == len(text) or text[at] == ",":
            found.append(word.cut(start, at))
            at = start = at + 1
        else:
            at += 1
    return found


def _after_comma(text: str, at: int) -> int:
    comma = text.find(",", at)
    return len(text) + 1 if comma < 0 else comma + 1
