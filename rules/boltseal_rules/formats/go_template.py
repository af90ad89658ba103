"""Go templates as a tree: text, actions, blocks, and the expressions in them.

Enough of ``text/template`` (https://pkg.go.dev/text/template) to follow a value through a chart:
nothing is executed, and a function is only a name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_MAX_DEPTH = 40
_MAX_KEPT = 4096
"""Actions whose pipes are kept: charts repeat most of theirs, in one another too."""
_STRINGS = r"""
    "(?:[^"\\\n]|\\.)*+"|`[^`]*+`|'(?:[^'\\\n]|\\.)*+'
"""
# An action up to its end, or only its opener: a comment, or strings that are not closed.
_ACTION = re.compile(
    rf"""\{{\{{(?P<trims>-(?=[ \t\r\n]))?[ \t\r\n]*+
    (?:(?P<comment>/\*)|(?P<content>(?:[^"'`\}}]++|{_STRINGS}|\}}(?!\}}))*+)\}}\}})?
    """,
    re.VERBOSE,
)
_STRING = re.compile(_STRINGS, re.VERBOSE)
_TOKEN = re.compile(
    r"""[ \t\r\n]+
    |(?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    |(?P<char>'(?:[^'\\\n]|\\.)*')
    |(?<=\))(?P<field>(?:\.\w+)+|\.)
    |(?P<chain>(?:\$\w*)?(?:\.\w+)+|\$\w*|\.)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<number>[-+]?\d[\w.]*)
    |(?P<mark>:=|=|[|(),])
    |(?P<other>.)
    """,
    re.VERBOSE,
)
_BLANKS = " \t\r\n"
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
_NOTHING = Pipe(())
_Token = tuple[str, str]


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
        keyword, pipe = _read(part.content)
        if keyword in _OPENERS:
            if len(open_blocks) > _MAX_DEPTH:
                raise Malformed
            open_blocks.append(_Open(keyword, pipe, part))
        elif keyword == "else":
            _else(open_blocks, part)
        elif keyword == "end":
            _end(open_blocks)
        elif part.content:
            open_blocks[-1].nodes.append(Output(pipe, part.start, part.end))
    if len(open_blocks) != 1:
        raise Malformed
    return tuple(open_blocks[0].nodes)


@lru_cache(maxsize=_MAX_KEPT)
def _read(content: str) -> tuple[str, Pipe]:
    """The word that an action begins with, and its pipe: that behind a keyword, where it is one."""
    keyword = _word(content)
    if keyword in _OPENERS:
        return keyword, _pipe(content[len(keyword) :])
    if keyword in ("else", "end") or not content:
        return keyword, _NOTHING
    if keyword == "template":
        return keyword, Pipe((_include(content[len(keyword) :]),))
    return keyword, _pipe(content)


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


def _else(open_blocks: list[_Open], action: _Action) -> None:
    current = open_blocks[-1]
    if not current.keyword or current.nodes is current.other:
        raise Malformed
    current.nodes = current.other
    keyword, condition = _read(action.content.removeprefix("else").strip())
    if keyword in ("if", "with"):
        if len(open_blocks) > _MAX_DEPTH:
            raise Malformed
        open_blocks.append(_Open(keyword, condition, action, chained=True))


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
        before = before.lstrip(_BLANKS) if trim else before
        if opener is None:
            yield before
            return
        yield before.rstrip(_BLANKS) if opener["trims"] else before
        at = opener.end() if opener["content"] is not None else _close(text, opener)
        trim = text.startswith("-}}", at - 3)
        content = "" if opener["comment"] else text[_inside(opener) : at - (3 if trim else 2)]
        yield _Action(
            " ".join(content.split()) if "\n" in content else content.strip(), opener.start(), at
        )


def _inside(opener: re.Match[str]) -> int:
    """Where the content of an action begins."""
    return opener.start("content") if opener["content"] is not None else opener.end()


def _close(text: str, opener: re.Match[str]) -> int:
    """Where a comment ends, or an action with a string that does not: behind its ``}}``."""
    if opener["comment"]:
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
        found = _STRING.match(text, quote) if quote >= 0 else None
        if found is None:
            return end + 2
        at = found.end()


def _quote(text: str, start: int, end: int) -> int:
    """Where the first string begins between two offsets; -1 where none does."""
    found = [at for at in (text.find(mark, start, end) for mark in "\"`'") if at >= 0]
    return min(found, default=-1)


def _pipe(text: str) -> Pipe:
    tokens = _tokens(text)
    variables: list[str] = []
    declares = False
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


def _tokens(text: str) -> list[_Token]:
    """The kinds and texts of the tokens; a field has its kind where it stands behind a ')'."""
    found = [(kind, match[0]) for match in _TOKEN.finditer(text) if (kind := match.lastgroup)]
    if any(kind == "other" for kind, _ in found):
        raise Malformed
    return found


class _Reader:
    """Reads tokens into calls, from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = [*tokens, ("end", "")]
        self._at = 0

    @property
    def done(self) -> bool:
        return self._tokens[self._at][0] == "end"

    def calls(self, depth: int) -> tuple[Call, ...]:
        """The commands up to a closing parenthesis or the end."""
        if depth > _MAX_DEPTH:
            raise Malformed
        found = [self._call(depth)]
        while self._tokens[self._at][1] == "|":
            self._at += 1
            found.append(self._call(depth))
        return tuple(found)

    def _call(self, depth: int) -> Call:
        name = ""
        kind, lexeme = self._tokens[self._at]
        if kind == "name":
            name = lexeme
            self._at += 1
        arguments: list[Operand] = []
        while self._tokens[self._at][1] not in ("|", ")", ""):
            arguments.append(self._operand(depth))
        return Call(name, tuple(arguments))

    def _operand(self, depth: int) -> Operand:
        kind, lexeme = self._tokens[self._at]
        self._at += 1
        if kind == "chain":
            head, *fields = lexeme.split(".")
            return Chain(head or ".", tuple(filter(None, fields)))
        if kind == "text":
            return Const(lexeme[1:-1])
        if kind == "name":
            return Call(lexeme, ())
        if kind in ("char", "number"):
            return Const(lexeme)
        if lexeme != "(":
            raise Malformed
        inner = Pipe(self.calls(depth + 1))
        if self._tokens[self._at][1] != ")":
            raise Malformed
        self._at += 1
        if self._tokens[self._at][0] != "field":
            return inner
        _, *fields = self._tokens[self._at][1].split(".")
        self._at += 1
        return Chain(inner, tuple(fields))
