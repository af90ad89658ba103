"""HCL native syntax as a tree: blocks with labels, attributes, and expressions as far as they say something.

The syntax is that of the HCL specification (``hclsyntax/spec.md``). Strings, lists, objects, calls,
conditionals and names with their steps are told apart; all else is an ``Unknown`` up to its end.
Every string knows where it stands. Nothing is evaluated here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from boltseal.source import Source, Unparsable
from boltseal_rules.formats.hcl_tokens import (
    HEREDOC,
    MARK,
    NEWLINE,
    NUMBER,
    QUOTED,
    WORD,
    Part,
    Token,
    Tokens,
    tokens,
)
from boltseal_rules.formats.size import refuse_large

MAX_DEPTH = 40
"""Expressions inside one another beyond which nothing more is understood."""
_MAX_BLOCKS = 100
"""Blocks inside one another beyond which a file is refused."""
_ESCAPE = re.compile(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|\$\$\{|%%\{")
_HEREDOC_ESCAPE = re.compile(r"\$\$\{|%%\{")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_PATH = re.compile(r"\$\{~?\s*([\w-]+(?:\.[\w-]+)*)\s*~?\}")
_CONSTANTS = frozenset({"true", "false", "null"})


class Text(NamedTuple):
    """A quoted string or a heredoc.

    ``value`` is what it says, None where a template has a part in it; ``parts`` are these parts.
    ``body`` are the characters between the quotes or of the lines.
    """

    value: str | None
    parts: tuple[Part, ...]
    body: tuple[int, int]
    start: int
    end: int
    heredoc: bool


class Constant(NamedTuple):
    """A number, ``true``, ``false`` or ``null``."""

    text: str
    start: int
    end: int


class Name(NamedTuple):
    """A name and the steps behind it: ``var.images["web"]`` is ``("var", "images", "web")``."""

    path: tuple[str, ...]
    start: int
    end: int


class Items(NamedTuple):
    """A list."""

    items: tuple["Expression", ...]
    start: int
    end: int


class Object(NamedTuple):
    """An object, its entries in order; keys that are no words and no strings are left out."""

    entries: tuple[tuple["Text | Name", "Expression"], ...]
    start: int
    end: int


class Call(NamedTuple):
    """A function with what it is given."""

    name: str
    arguments: tuple["Expression", ...]
    start: int
    end: int


class Choice(NamedTuple):
    """A conditional: what it may come to."""

    branches: tuple["Expression", ...]
    start: int
    end: int


class Unknown(NamedTuple):
    """What is not told apart further."""

    start: int
    end: int


Expression = Text | Constant | Name | Items | Object | Call | Choice | Unknown


class Attribute(NamedTuple):
    """``name = value``."""

    name: str
    value: Expression


class Block(NamedTuple):
    """A block: its type, its labels, and what stands in it. The file itself is one of type ''."""

    type: str
    labels: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    blocks: tuple["Block", ...]

    def get(self, name: str) -> Expression | None:
        """The value of the first attribute of this name."""
        return next((a.value for a in self.attributes if a.name == name), None)

    def of(self, *types: str) -> Iterator["Block"]:
        """The blocks in it of these types; what a ``dynamic`` one makes is what it names."""
        for block in self.blocks:
            if block.type in types:
                yield block
            elif block.type == "dynamic" and block.labels[:1] and block.labels[0] in types:
                yield from block.of("content")

    def walk(self) -> Iterator["Block"]:
        """Every block in it, at any depth, an outer one before those in it."""
        stack = list(reversed(self.blocks))
        while stack:
            block = stack.pop()
            if block.type == "dynamic" and block.labels:
                named = (b._replace(type=block.labels[0]) for b in block.of("content"))
                stack += reversed(list(named))
                continue
            yield block
            stack += reversed(block.blocks)


def read(source: Source) -> Block:
    """The file as one block.

    Raises Unparsable where it is not UTF-8, and where a bracket, a string, a comment or a heredoc
    is not closed: then nothing of it can be trusted. And for a large one.
    """
    return read_text(source, source.text)


@lru_cache(maxsize=8)
def read_text(source: Source, text: str) -> Block:
    """The same for ``text``, which stands for the file's own and has its length."""
    refuse_large(text)
    return _Reader(text, tokens(source, text)).body(source)


class _Open:
    """A block whose end has not been seen."""

    __slots__ = ("attributes", "blocks", "labels", "type")

    def __init__(self, kind: str, labels: tuple[str, ...]) -> None:
        self.type = kind
        self.labels = labels
        self.attributes: list[Attribute] = []
        self.blocks: list[Block] = []

    def block(self) -> Block:
        return Block(self.type, self.labels, tuple(self.attributes), tuple(self.blocks))


class _Reader:
    """The tokens of one text, from which expressions are read by their first and last token."""

    def __init__(self, text: str, found: Tokens) -> None:
        self._text = text
        self._tokens = found.items
        self._partner = found.partner

    def body(self, source: Source) -> Block:
        """The file's own block. Raises Unparsable where blocks are nested too deep."""
        stack = [_Open("", ())]
        at, last = 0, len(self._tokens)
        while at < last:
            token = self._tokens[at]
            if token.text == "}" and token.kind == MARK and len(stack) > 1:
                closed = stack.pop().block()
                stack[-1].blocks.append(closed)
                at += 1
                continue
            if token.kind not in (WORD, QUOTED):
                at = self._partner.get(at, at) + 1
                continue
            if self._is_mark(at + 1, "="):
                end = self._end(at + 2)
                value = self.expression(at + 2, end, 0)
                stack[-1].attributes.append(Attribute(self._label(token), value))
                at = end
                continue
            end, header = self._header(at)
            if header is None:
                at = end
                continue
            if len(stack) > _MAX_BLOCKS:
                raise Unparsable(
                    f"nested deeper than {_MAX_BLOCKS} levels", source.byte_offset(token.start)
                )
            stack.append(_Open(header[0], tuple(header[1:])))
            at = end
        return stack[0].block()

    def _header(self, at: int) -> tuple[int, list[str] | None]:
        """The type and labels of a block that begins at ``at``, and where its body begins."""
        words: list[str] = []
        while at < len(self._tokens) and self._tokens[at].kind in (WORD, QUOTED):
            words.append(self._label(self._tokens[at]))
            at += 1
        return (at + 1, words) if self._is_mark(at, "{") else (at, None)

    def _label(self, token: Token) -> str:
        if token.kind == WORD:
            return token.text
        return self._text[token.body[0] : token.body[1]]

    def _is_mark(self, at: int, *marks: str) -> bool:
        if at >= len(self._tokens):
            return False
        token = self._tokens[at]
        return token.kind == MARK and token.text in marks

    def _end(self, at: int) -> int:
        """Where an attribute's value ends: with its line, or with the block around it."""
        while at < len(self._tokens):
            if self._tokens[at].kind == NEWLINE or self._is_mark(at, "}"):
                return at
            at = self._partner.get(at, at) + 1
        return at

    def expression(self, start: int, end: int, depth: int) -> Expression:
        """What the tokens from ``start`` to ``end`` are."""
        while start < end and self._tokens[start].kind == NEWLINE:
            start += 1
        while start < end and self._tokens[end - 1].kind == NEWLINE:
            end -= 1
        if start >= end:
            where = self._tokens[start - 1].end if start else 0
            return Unknown(where, where)
        unknown = Unknown(self._tokens[start].start, self._tokens[end - 1].end)
        if depth >= MAX_DEPTH:
            return unknown
        if end - start == 1:
            return self._single(self._tokens[start])
        if self._partner.get(start) == end - 1:
            return self._bracketed(start, end, depth)
        return self._choice(start, end, depth) or self._named(start, end, depth) or unknown

    def _single(self, token: Token) -> Expression:
        if token.kind in (QUOTED, HEREDOC):
            return self._string(token)
        if token.kind == NUMBER or (token.kind == WORD and token.text in _CONSTANTS):
            return Constant(token.text, token.start, token.end)
        if token.kind == WORD:
            return Name((token.text,), token.start, token.end)
        return Unknown(token.start, token.end)

    def _string(self, token: Token) -> Text:
        value = None
        heredoc = token.kind == HEREDOC
        if all(part.is_literal for part in token.parts):
            value = unescaped(self._text[token.body[0] : token.body[1]], heredoc=heredoc)
        return Text(value, token.parts, token.body, token.start, token.end, heredoc)

    def _bracketed(self, start: int, end: int, depth: int) -> Expression:
        opener = self._tokens[start].text
        if opener == "(":
            return self.expression(start + 1, end - 1, depth + 1)
        span = self._tokens[start].start, self._tokens[end - 1].end
        inner = next((t for t in self._tokens[start + 1 : end] if t.kind != NEWLINE), None)
        if inner is not None and inner.kind == WORD and inner.text == "for":
            return Unknown(*span)
        if opener == "[":
            return Items(self._list(start + 1, end - 1, depth), *span)
        return Object(tuple(self._entries(start + 1, end - 1, depth)), *span)

    def _list(self, start: int, end: int, depth: int) -> tuple[Expression, ...]:
        ranges = self._split(start, end, newlines=False)
        return tuple(self.expression(first, last, depth + 1) for first, last in ranges)

    def _split(self, start: int, end: int, *, newlines: bool) -> Iterator[tuple[int, int]]:
        """The ranges between commas, or line ends, outside further brackets; none is empty."""
        first = at = start
        while at < end:
            ends = self._is_mark(at, ",") or (newlines and self._tokens[at].kind == NEWLINE)
            if ends:
                if any(t.kind != NEWLINE for t in self._tokens[first:at]):
                    yield first, at
                first = at + 1
            at = self._partner.get(at, at) + 1
        if any(t.kind != NEWLINE for t in self._tokens[first:end]):
            yield first, end

    def _entries(
        self, start: int, end: int, depth: int
    ) -> Iterator[tuple[Text | Name, Expression]]:
        for first, last in self._split(start, end, newlines=True):
            behind = self._partner.get(first, first) + 1
            key = self._key(first, behind)
            if key is not None and self._is_mark(behind, "=", ":"):
                yield key, self.expression(behind + 1, last, depth + 1)

    def _key(self, first: int, behind: int) -> Text | Name | None:
        """The key of an entry: a word, a string, or an expression in parentheses, by its text."""
        key = self._single(self._tokens[first])
        if isinstance(key, Text | Name):
            return key
        start, end = key.start, self._tokens[behind - 1].end
        return Name((self._text[start:end],), start, end) if end > start else None

    def _choice(self, start: int, end: int, depth: int) -> Expression | None:
        """A conditional; one in its last branch is one of that branch."""
        question = self._find("?", start, end)
        if question is None:
            return None
        colon = self._colon(question + 1, end)
        if colon is None:
            return None
        branches = (
            self.expression(question + 1, colon, depth + 1),
            self.expression(colon + 1, end, depth + 1),
        )
        return Choice(branches, self._tokens[start].start, self._tokens[end - 1].end)

    def _find(self, mark: str, start: int, end: int) -> int | None:
        at = start
        while at < end:
            if self._is_mark(at, mark):
                return at
            at = self._partner.get(at, at) + 1
        return None

    def _colon(self, start: int, end: int) -> int | None:
        """The colon of the conditional whose ``?`` stands before ``start``."""
        at, inner = start, 0
        while at < end:
            if self._is_mark(at, "?"):
                inner += 1
            elif self._is_mark(at, ":"):
                if not inner:
                    return at
                inner -= 1
            at = self._partner.get(at, at) + 1
        return None

    def _named(self, start: int, end: int, depth: int) -> Expression | None:
        """A name with steps, or a call."""
        if self._tokens[start].kind != WORD:
            return None
        span = self._tokens[start].start, self._tokens[end - 1].end
        if self._is_mark(start + 1, "(") and self._partner[start + 1] == end - 1:
            name = self._tokens[start].text
            return Call(name, self._list(start + 2, end - 1, depth), *span)
        path = [self._tokens[start].text]
        at = start + 1
        while at < end:
            step, at = self._step(at, end)
            if step is None:
                return None
            path.append(step)
        return Name(tuple(path), *span)

    def _step(self, at: int, end: int) -> tuple[str | None, int]:
        """One step behind a name: ``.word``, ``.0``, ``["text"]``, ``[0]``."""
        if self._is_mark(at, ".") and at + 1 < end:
            token = self._tokens[at + 1]
            return (token.text, at + 2) if token.kind in (WORD, NUMBER) else (None, end)
        if self._is_mark(at, "[") and self._partner.get(at) == at + 2:
            index = self._single(self._tokens[at + 1])
            if isinstance(index, Constant):
                return index.text, at + 3
            if isinstance(index, Text):
                return index.value, at + 3
        return None, end


def unescaped(text: str, *, heredoc: bool) -> str:
    """What the characters of a string say."""
    if heredoc:
        return _HEREDOC_ESCAPE.sub(lambda match: match[0][1:], text)
    return _ESCAPE.sub(_character, text) if "\\" in text or "{" in text else text


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _LETTERS[match[1]]
    code = match[2] or match[3]
    if not code:
        return match[0][1:]
    return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else match[0]


def key_text(key: Text | Name) -> str:
    """The text of an object's key; '' where a template has a part in it."""
    return ".".join(key.path) if isinstance(key, Name) else key.value or ""


def path_in(text: str) -> tuple[str, ...]:
    """The path in the text of a ``${}``: ``${var.image}`` is ``("var", "image")``; () if no path."""
    match = _PATH.fullmatch(text)
    return tuple(match[1].split(".")) if match else ()
