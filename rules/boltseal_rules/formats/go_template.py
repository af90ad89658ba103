"""Go templates as a tree: text, actions, blocks, and the expressions in them.

Enough of ``text/template`` (https://pkg.go.dev/text/template) to follow a value through a chart:
nothing is executed, and a function is only a name.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MAX_DEPTH = 40
_ACTION = re.compile(r"\{\{(-(?=[ \t\r\n]))?[ \t\r\n]*(/\*)?")
_TOKEN = re.compile(
    r"""[ \t\r\n]+
    |(?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    |(?P<char>'(?:[^'\\\n]|\\.)*')
    |(?P<chain>(?:\$\w*)?(?:\.\w+)+|\$\w*|\.)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<number>[-+]?\d[\w.]*)
    |(?P<mark>:=|=|[|(),])
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[a-z]+")
_OPENERS = frozenset({"if", "with", "range", "define", "block"})


class Malformed(Exception):
    """A template that does not follow the grammar, or nests too deeply."""


class Chain(NamedTuple):
    """A value and its fields: ``$x.a.b`` (head ``$x``), ``.a`` (head ``.``), ``(…).a``."""

    head: "str | Pipe"
    fields: tuple[str, ...]


class Const(NamedTuple):
    """A string, or another constant as it is written."""

    text: str


class Call(NamedTuple):
    """A command: a function with its arguments, or one value alone with the name ''."""

    name: str
    arguments: tuple["Operand", ...]


class Pipe(NamedTuple):
    """Commands, each fed with what the one before gives.

    ``variables`` are those that are set, and ``declares`` whether they are new in their block.
    """

    calls: tuple[Call, ...]
    variables: tuple[str, ...] = ()
    declares: bool = False


Operand = Chain | Const | Call | Pipe


class Text(NamedTuple):
    """Text between actions, cut as the trim markers say."""

    text: str


class Output(NamedTuple):
    """An action that writes a value, or declares a variable; ``start`` and ``end`` are characters."""

    pipe: Pipe
    start: int
    end: int


class Block(NamedTuple):
    """``if``, ``with``, ``range``, ``define`` or ``block``, with what it holds for each outcome."""

    keyword: str
    pipe: Pipe
    body: tuple["Node", ...]
    other: tuple["Node", ...]
    start: int
    end: int


Node = Text | Output | Block


class _Action(NamedTuple):
    content: str
    start: int
    end: int


def parse(text: str) -> tuple[Node, ...]:
    """The nodes of a template. Raises Malformed."""
    open_blocks: list[_Open] = [_Open("", Pipe(()), _Action("", 0, 0))]
    for part in _parts(text):
        if isinstance(part, str):
            open_blocks[-1].nodes.append(Text(part))
            continue
        keyword = _word(part.content)
        rest = part.content[len(keyword) :]
        if keyword in _OPENERS:
            if len(open_blocks) > _MAX_DEPTH:
                raise Malformed
            open_blocks.append(_Open(keyword, _pipe(rest), part))
        elif keyword == "else":
            _else(open_blocks, rest, part)
        elif keyword == "end":
            _end(open_blocks)
        elif part.content:
            pipe = Pipe((_include(rest),)) if keyword == "template" else _pipe(part.content)
            open_blocks[-1].nodes.append(Output(pipe, part.start, part.end))
    if len(open_blocks) != 1:
        raise Malformed
    return tuple(open_blocks[0].nodes)


def _word(text: str) -> str:
    """The keyword or the function that a text begins with; '' where it begins otherwise."""
    match = _WORD.match(text)
    return match[0] if match else ""


class _Open:
    """A block whose end has not been seen. ``chained`` is set by an ``else if``."""

    def __init__(self, keyword: str, pipe: Pipe, action: _Action, *, chained: bool = False) -> None:
        self.keyword = keyword
        self.pipe = pipe
        self.action = action
        self.chained = chained
        self.body: list[Node] = []
        self.other: list[Node] = []
        self.nodes = self.body

    def block(self) -> Block:
        return Block(
            self.keyword,
            self.pipe,
            tuple(self.body),
            tuple(self.other),
            self.action.start,
            self.action.end,
        )


def _else(open_blocks: list[_Open], rest: str, action: _Action) -> None:
    current = open_blocks[-1]
    if not current.keyword or current.nodes is current.other:
        raise Malformed
    current.nodes = current.other
    rest = rest.strip()
    keyword = _word(rest)
    condition = rest[len(keyword) :]
    if keyword in ("if", "with"):
        if len(open_blocks) > _MAX_DEPTH:
            raise Malformed
        open_blocks.append(_Open(keyword, _pipe(condition), action, chained=True))


def _end(open_blocks: list[_Open]) -> None:
    while True:
        closed = open_blocks.pop()
        if not closed.keyword:
            raise Malformed
        open_blocks[-1].nodes.append(closed.block())
        if not closed.chained:
            return


def _include(rest: str) -> Call:
    """``template "name" value`` as the function that charts use in its stead."""
    call = _pipe(rest).calls[0]
    return Call("include", call.arguments)


def _parts(text: str) -> Iterator["str | _Action"]:
    """Text and actions in order, the text trimmed where a marker asks for it; no comments."""
    at, trim = 0, False
    while True:
        opener = _ACTION.search(text, at)
        before = text[at : opener.start() if opener else len(text)]
        before = before.lstrip(" \t\r\n") if trim else before
        if opener is None:
            yield before
            return
        yield before.rstrip(" \t\r\n") if opener[1] else before
        end = _close(text, opener)
        trim = text[:end].endswith("-}}")
        content = "" if opener[2] else text[opener.end() : end - (3 if trim else 2)]
        yield _Action(
            " ".join(content.split()) if "\n" in content else content.strip(), opener.start(), end
        )
        at = end


def _close(text: str, opener: re.Match[str]) -> int:
    """Where an action ends: behind the first ``}}`` outside of its strings."""
    if opener[2]:
        end = text.find("*/", opener.end())
        end = text.find("}}", end) if end >= 0 else -1
        if end < 0:
            raise Malformed
        return end + 2
    at = opener.end()
    while True:
        end = text.find("}}", at)
        if end < 0:
            raise Malformed
        quote = _quote(text, at, end)
        if quote < 0:
            return end + 2
        found = _TOKEN.match(text, quote)
        if found is None:
            return end + 2
        at = found.end()


def _quote(text: str, start: int, end: int) -> int:
    """Where the first string begins between two offsets; -1 where none does."""
    found = [at for at in (text.find(mark, start, end) for mark in "\"`'") if at >= 0]
    return min(found, default=-1)


def _pipe(text: str) -> Pipe:
    tokens = list(_tokens(text))
    variables, declares = [], False
    for index, (kind, lexeme) in enumerate(tokens):
        if lexeme in (":=", "="):
            variables = [name for k, name in tokens[:index] if k == "chain"]
            tokens, declares = tokens[index + 1 :], lexeme == ":="
            break
        if kind != "chain" and lexeme != ",":
            break
    reader = _Reader(tokens)
    calls = reader.calls(0)
    if not reader.done:
        raise Malformed
    return Pipe(calls, tuple(variables), declares)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Malformed
        if match.lastgroup:
            glued = match[0].startswith(".") and text[at - 1 : at] == ")"
            yield "field" if glued else match.lastgroup, match[0]
        at = match.end()


class _Reader:
    """Reads tokens into calls, from left to right."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at == len(self._tokens)

    def _peek(self) -> str:
        return "" if self.done else self._tokens[self._at][1]

    def calls(self, depth: int) -> tuple[Call, ...]:
        """The commands up to a closing parenthesis or the end."""
        if depth > _MAX_DEPTH:
            raise Malformed
        found = [self._call(depth)]
        while self._peek() == "|":
            self._at += 1
            found.append(self._call(depth))
        return tuple(found)

    def _call(self, depth: int) -> Call:
        name = ""
        if not self.done and self._tokens[self._at][0] == "name":
            name = self._peek()
            self._at += 1
        arguments: list[Operand] = []
        while not self.done and self._peek() not in ("|", ")"):
            arguments.append(self._operand(depth))
        return Call(name, tuple(arguments))

    def _operand(self, depth: int) -> Operand:
        kind, lexeme = self._tokens[self._at]
        self._at += 1
        if lexeme == "(":
            inner = Pipe(self.calls(depth + 1))
            if self._peek() != ")":
                raise Malformed
            self._at += 1
            if not self.done and self._tokens[self._at][0] == "field":
                _, *fields = self._peek().split(".")
                self._at += 1
                return Chain(inner, tuple(fields))
            return inner
        if kind == "chain":
            head, *fields = lexeme.split(".")
            return Chain(head or ".", tuple(filter(None, fields)))
        if kind == "text":
            return Const(lexeme[1:-1])
        if kind == "name":
            return Call(lexeme, ())
        if kind in ("char", "number"):
            return Const(lexeme)
        raise Malformed
