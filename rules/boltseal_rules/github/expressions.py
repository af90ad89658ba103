"""Expressions of GitHub Actions, ``${{ … }}``: where they stand and what they may come to.

The grammar is that of the page "Evaluate expressions in workflows and actions" of GitHub's
documentation. Nothing is evaluated: ``a && b || c`` may be ``b`` or ``c``, whatever ``a`` is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_OPENER = "${{"
_CLOSER = re.compile(r"'[^']*'|\}\}")
_TOKEN = re.compile(
    r"\s+|(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w-]*)|(?P<number>-?\d[\w.]*)"
    r"|(?P<sign>\|\||&&|[=!<>]=|[<>!()\[\].,*])"
)
_COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")
_CONSTANTS = ("true", "false", "null", "nan", "infinity")
_MAX_DEPTH = 20


class Literal(NamedTuple):
    """A string that is written out: its value, and the characters between its quotes."""

    text: str
    start: int
    end: int


class Name(NamedTuple):
    """A value by its way from a context: ``matrix.os.image``, in lower case: case means nothing."""

    path: tuple[str, ...]


class Unknown(NamedTuple):
    """What only a run can tell: a call, a value picked by another one."""

    text: str


Choice = Literal | Name | Unknown


class _MalformedError(Exception):
    """The text is no expression; never leaves this module."""


def expressions(text: str) -> Iterator[tuple[int, int]]:
    """Where expressions stand in ``text``, markers included. One without an end ends the search."""
    at = text.find(_OPENER)
    while at >= 0:
        end = next((m.end() for m in _CLOSER.finditer(text, at + 3) if m[0] == "}}"), -1)
        if end < 0:
            return
        yield at, end
        at = text.find(_OPENER, end)


def whole(text: str) -> tuple[int, int] | None:
    """Where the one expression stands that the whole of ``text`` is, white space aside."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if not text.startswith(_OPENER, start):
        return None
    return (start, end) if next(expressions(text), None) == (start, end) else None


def choices(text: str, start: int, end: int) -> tuple[Choice, ...]:
    """What the expression from ``start`` to ``end`` may come to, as far as that can be a text.

    Conditions, comparisons and numbers are left out. Raises nothing.
    """
    body = text[start + len(_OPENER) : end - 2]
    try:
        reader = _Reader(body, start + len(_OPENER))
        found = reader.either(0)
        reader.expect_end()
    except _MalformedError:
        return (Unknown(body.strip()),)
    return tuple(found)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def _tokens(body: str) -> Iterator[_Token]:
    at = 0
    while at < len(body):
        match = _TOKEN.match(body, at)
        if not match:
            raise _MalformedError
        at = match.end()
        if match.lastgroup:
            yield _Token(match.lastgroup, match[0], match.start(), at)
    yield _Token("end", "", at, at)


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, body: str, base: int) -> None:
        self._body = body
        self._base = base
        self._tokens = list(_tokens(body))
        self._at = 0

    def either(self, depth: int) -> list[Choice]:
        """Operands of ``||``: any of them."""
        if depth > _MAX_DEPTH:
            raise _MalformedError
        found = self._last(depth)
        while self._takes("||"):
            found += self._last(depth)
        return found

    def expect_end(self) -> None:
        if self._next.kind != "end":
            raise _MalformedError

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _takes(self, *signs: str) -> bool:
        if self._next.kind == "sign" and self._next.text in signs:
            self._at += 1
            return True
        return False

    def _last(self, depth: int) -> list[Choice]:
        """Operands of ``&&``: the last, for the others come to a text only where that is empty."""
        found = self._compared(depth)
        while self._takes("&&"):
            found = self._compared(depth)
        return found

    def _compared(self, depth: int) -> list[Choice]:
        found = self._operand(depth)
        while self._takes(*_COMPARISONS):
            self._operand(depth)
            found = []
        return found

    def _operand(self, depth: int) -> list[Choice]:
        negated = False
        while self._takes("!"):
            negated = True
        found = self._value(depth)
        return [] if negated else found

    def _value(self, depth: int) -> list[Choice]:
        token = self._next
        self._at += 1
        if token.kind == "sign" and token.text == "(":
            found = self.either(depth + 1)
            if not self._takes(")"):
                raise _MalformedError
            return found
        if token.kind == "text":
            text = token.text[1:-1].replace("''", "'")
            return [Literal(text, self._base + token.start + 1, self._base + token.end - 1)]
        if token.kind == "number" or token.text.lower() in _CONSTANTS:
            return []
        if token.kind != "name":
            raise _MalformedError
        return [self._named(token)]

    def _named(self, token: _Token) -> Choice:
        """A name with what is picked from it, or a call."""
        path: list[str] | None = [token.text.lower()]
        if self._takes("("):
            path = None
            self._skip_to(")", "(")
        while self._takes(".", "["):
            picked = self._next
            if self._tokens[self._at - 1].text == "[":
                self._skip_to("]", "[")
                is_known = picked.kind == "text" and self._tokens[self._at - 2] is picked
            else:
                self._at += 1
                is_known = picked.kind == "name"
                if not is_known and picked.text != "*":
                    raise _MalformedError
            text = picked.text[1:-1] if picked.kind == "text" else picked.text
            path = [*path, text.lower()] if path and is_known else None
        end = self._tokens[self._at - 1].end
        return Name(tuple(path)) if path else Unknown(self._body[token.start : end])

    def _skip_to(self, closer: str, opener: str) -> None:
        """Pass over what a bracket that is open holds, and its end."""
        depth = 1
        while depth:
            token = self._next
            if token.kind == "end":
                raise _MalformedError
            self._at += 1
            if token.kind == "sign":
                depth += (token.text == opener) - (token.text == closer)
