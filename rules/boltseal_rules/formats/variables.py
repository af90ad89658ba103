"""Shell-style variables in a text: ``$X``, ``${X}``, ``${X:-default}`` and their kin.

One reader for every format that has them; a ``Syntax`` says where they differ. The rules are those
of BuildKit (``frontend/dockerfile/shell/lex.go``) and of the Compose specification
(``12-interpolation.md``). Values are put in once and never read again for variables, so a value
that names itself does no harm.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from boltseal.pattern import pattern

_MAX_DEPTH = 32
_MAX_LENGTH = 4096
_OPERATOR = pattern(r":?[-+?]")
# Prefix and suffix removal and replacement: BuildKit has them, Compose does not.
_PATTERN_OPERATOR = pattern(r"##?|%%?|//?")


class Syntax(NamedTuple):
    """What differs between formats.

    ``escape`` before ``$`` takes its meaning away; where it is ``$`` itself, nothing else is
    escaped. ``quotes`` tells whether quotes are removed, and whether BuildKit's pattern operators
    (``${X%-*}``) exist. ``name`` is what a variable may be called.
    """

    escape: str
    quotes: bool
    name: re.Pattern[str]


_BUILD_NAME = pattern(r"[0-9]+|[@*#?$!-]|\w+")
BACKSLASH = Syntax("\\", quotes=True, name=_BUILD_NAME)
BACKTICK = Syntax("`", quotes=True, name=_BUILD_NAME)
COMPOSE = Syntax("$", quotes=False, name=re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*"))


class Literal(NamedTuple):
    """Text that stands for itself: always the characters from ``start`` to ``end``."""

    text: str
    start: int
    end: int


class Variable(NamedTuple):
    """A variable; ``word`` is what follows the operator, and begins at ``word_start``."""

    name: str
    operator: str
    word: tuple["Part", ...]
    word_start: int
    start: int
    end: int


Part = Literal | Variable


class Piece(NamedTuple):
    """A part of the expanded text: None where it is not known.

    ``name`` is the variable whose value it is, None for text that stands at ``start``.
    """

    text: str | None
    name: str | None
    start: int
    end: int


class Expansion(NamedTuple):
    """What a text becomes.

    ``whole_reads`` are the variables that could make up the whole of it, ``part_reads`` those
    whose value is joined with something else, in every branch, also in those not taken.
    """

    pieces: tuple[Piece, ...]
    whole_reads: frozenset[str]
    part_reads: frozenset[str]

    @property
    def text(self) -> str | None:
        """The expanded text, or None where a variable has no value or the text grows too long."""
        out = ""
        for piece in self.pieces:
            if piece.text is None or len(out) + len(piece.text) > _MAX_LENGTH:
                return None
            out += piece.text
        return out

    @property
    def unknown(self) -> tuple[str, ...]:
        """The variables that are needed and have no value, each once, in order."""
        names = (piece.name for piece in self.pieces if piece.text is None)
        return tuple(dict.fromkeys(name for name in names if name is not None))

    @property
    def literal(self) -> tuple[int, int] | None:
        """Where the whole expanded text stands in one piece, written or as a chosen default."""
        at = self.pieces[0].start if self.pieces else 0
        for piece in self.pieces:
            if piece.name is not None or piece.start != at:
                return None
            at = piece.end
        return (self.pieces[0].start, at) if self.pieces else None

    @property
    def variable(self) -> str | None:
        """The variable whose value is the whole expanded text."""
        return self.pieces[0].name if len(self.pieces) == 1 else None

    def may_be(self, text: str) -> bool:
        """Whether unknown values exist that make this expand to ``text``, letter case aside."""
        return _matches([piece.text for piece in self.pieces], text.lower())


class _MalformedError(Exception):
    """The text is not well formed; never leaves this module."""


def parse(text: str, syntax: Syntax) -> tuple[Part, ...] | None:
    """Read ``text``: its parts, or None where it is malformed (an open brace, an open quote)."""
    try:
        return tuple(_read(text, 0, syntax, "", 0)[0])
    except _MalformedError:
        return None


def expand(text: str, syntax: Syntax, values: Mapping[str, str | None]) -> Expansion | None:
    """Put values in.

    In: the text, its syntax, and the variables that are set; None stands for a value that is set
    and not known. Out: the expansion, or None where the text is malformed. Raises nothing.
    """
    parts = parse(text, syntax)
    if parts is None:
        return None
    whole, part = frozenset(_spine(parts)), frozenset(_names(parts))
    return Expansion(tuple(_evaluate(parts, values)), whole, part - whole)


def unquote(text: str, syntax: Syntax) -> str | None:
    """``text`` without quotes and escapes, its variables left as they are; None if malformed."""
    parts = parse(text, syntax)
    if parts is None:
        return None
    return "".join(p.text if isinstance(p, Literal) else text[p.start : p.end] for p in parts)


def _read(text: str, at: int, syntax: Syntax, stop: str, depth: int) -> tuple[list[Part], int]:
    """The parts from ``at`` to the ``stop`` character ('' is the end), and where they end."""
    if depth > _MAX_DEPTH:
        raise _MalformedError
    parts: list[Part] = []
    while at < len(text):
        char = text[at]
        if char == stop:
            return parts, at + 1
        if char == "$":
            part, at = _read_dollar(text, at, syntax, depth)
            parts.append(part)
        elif char == syntax.escape:
            parts += [Literal(c, at + 1, at + 2) for c in text[at + 1 : at + 2]]
            at += 2
        elif syntax.quotes and char in "'\"":
            quoted, at = _read_quoted(text, at, syntax, depth)
            parts += quoted
        else:
            end = _plain_end(text, at, syntax, stop)
            parts.append(Literal(text[at:end], at, end))
            at = end
    if stop:
        raise _MalformedError
    return parts, at


def _plain_end(text: str, at: int, syntax: Syntax, stop: str) -> int:
    special = "$" + syntax.escape + stop + ("'\"" if syntax.quotes else "")
    while at < len(text) and text[at] not in special:
        at += 1
    return at


def _read_quoted(text: str, at: int, syntax: Syntax, depth: int) -> tuple[list[Part], int]:
    """A quoted string. Within double quotes only the quote, ``$`` and the escape are escaped."""
    quote, at = text[at], at + 1
    if quote == "'":
        end = text.find("'", at)
        if end < 0:
            raise _MalformedError
        return [Literal(text[at:end], at, end)], end + 1
    parts: list[Part] = []
    while at < len(text):
        char = text[at]
        if char == quote:
            return parts or [Literal("", at, at)], at + 1
        if char == "$":
            part, at = _read_dollar(text, at, syntax, depth)
            parts.append(part)
            continue
        if char == syntax.escape and text[at + 1 : at + 2] in ('"', "$", syntax.escape):
            at += 1
        parts.append(Literal(text[at], at, at + 1))
        at += 1
    raise _MalformedError


def _read_dollar(text: str, at: int, syntax: Syntax, depth: int) -> tuple[Part, int]:
    """What a ``$`` begins: a variable, or the character itself."""
    if syntax.escape == "$" and text.startswith("$$", at):
        return Literal("$", at + 1, at + 2), at + 2
    if text.startswith("${", at):
        return _read_braced(text, at, syntax, depth)
    match = syntax.name.match(text, at + 1)
    if match:
        return Variable(match[0], "", (), match.end(), at, match.end()), match.end()
    if syntax.escape == "$":
        raise _MalformedError  # Compose: "invalid interpolation format"
    return Literal("$", at, at + 1), at + 1


def _read_braced(text: str, start: int, syntax: Syntax, depth: int) -> tuple[Part, int]:
    name = syntax.name.match(text, start + 2)
    if not name:
        raise _MalformedError
    at = name.end()
    if text.startswith("}", at):
        return Variable(name[0], "", (), at, start, at + 1), at + 1
    operator = _OPERATOR.match(text, at)
    if not operator and syntax.quotes:
        operator = _PATTERN_OPERATOR.match(text, at)
    if not operator:
        raise _MalformedError
    word, end = _read(text, operator.end(), syntax, "}", depth + 1)
    return Variable(name[0], operator[0], tuple(word), operator.end(), start, end), end


def _evaluate(parts: Sequence[Part], values: Mapping[str, str | None]) -> Iterator[Piece]:
    for part in parts:
        if isinstance(part, Literal):
            yield Piece(part.text, None, part.start, part.end)
        else:
            yield from _evaluate_variable(part, values)


def _evaluate_variable(part: Variable, values: Mapping[str, str | None]) -> Iterator[Piece]:
    """The pieces of one variable: its value, its word, or nothing (POSIX.1-2017, XCU 2.6.2)."""
    is_set, value = part.name in values, values.get(part.name)
    kind, colon = part.operator[-1:], part.operator.startswith(":")
    is_missing = not is_set or (colon and value == "")
    if kind and kind in "#%/":
        value = None  # a pattern: what it leaves is not worked out here
    elif (kind == "-" and is_missing) or (kind == "+" and _is_surely_set(part, values)):
        yield from _evaluate(part.word, values)
        if not part.word:
            yield Piece("", None, part.word_start, part.word_start)
        return
    elif kind == "+":
        value = "" if is_missing else None
    elif kind == "?" and is_missing:
        value = None
    yield Piece(value, part.name, part.start, part.end)


def _is_surely_set(part: Variable, values: Mapping[str, str | None]) -> bool:
    return part.name in values and (part.operator == "+" or bool(values[part.name]))


def _spine(parts: Sequence[Part]) -> Iterator[str]:
    """The variables whose value could be the whole text."""
    while len(parts) == 1 and isinstance(parts[0], Variable):
        part = parts[0]
        if part.operator[-1:] not in ("+", "#", "%", "/"):
            yield part.name
        parts = part.word


def _names(parts: Sequence[Part]) -> Iterator[str]:
    """The variables whose value could be a part of the text."""
    for part in parts:
        if isinstance(part, Variable):
            if part.operator[-1:] != "+":
                yield part.name
            yield from _names(part.word)


def _matches(pieces: Sequence[str | None], text: str) -> bool:
    """Whether the known pieces occur in ``text`` in order; greedy, hence linear."""
    at, anchored = 0, True
    for index, piece in enumerate(pieces):
        if piece is None:
            anchored = False
            continue
        is_last = index == len(pieces) - 1
        found = _find(text, piece.lower(), at, anchored=anchored, is_last=is_last)
        if found < 0:
            return False
        at = found + len(piece)
        anchored = True
    return at == len(text) or not anchored


def _find(text: str, piece: str, at: int, *, anchored: bool, is_last: bool) -> int:
    if anchored:
        return at if text.startswith(piece, at) else -1
    if is_last:
        start = len(text) - len(piece)
        return start if start >= at and text.endswith(piece) else -1
    return text.find(piece, at)
