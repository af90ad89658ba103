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
# An action up to its end, or only its opener where a comment or a string is not closed.
_ACTION = re.compile(
    rf"""\{{\{{(?P<left>-(?=[ \t\r\n]))?[ \t\r\n]*+
    (?:(?P<comment>/\*(?s:.*?)\*/(?s:.*?)\}}\}})
    |(?!/\*)(?P<content>(?:[^"'`\}}]++|{_STRINGS}|\}}(?!\}}))*+)\}}\}})?
    """,
    re.VERBOSE,
)
_STRING = re.compile(_STRINGS, re.VERBOSE)
_QUOTE = re.compile("[\"'`]")
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
_NAME = re.compile(r"(?P<keyword>define|block)[ \t\r\n]*(?P<q>[\"`])(?P<name>.*?)(?P=q)", re.DOTALL)
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


class Definition(NamedTuple):
    """A template with a name, and its characters; ``in_place`` tells that it is written there too."""

    name: str
    start: int
    end: int
    in_place: bool


class _Action(NamedTuple):
    """What stands between the braces, '' for a comment, and on which sides it cuts the text."""

    content: str
    start: int
    end: int
    left: bool = False
    right: bool = False


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


def definitions(text: str) -> list[Definition]:
    """The templates that a text defines. Raises Malformed where its blocks do not close."""
    found: list[Definition] = []
    open_blocks: list[_Action] = []
    for action in _actions(text):
        keyword = _word(action.content)
        if keyword in _OPENERS:
            open_blocks.append(action)
        elif keyword == "end":
            if not open_blocks:
                raise Malformed
            opener = open_blocks.pop()
            name = _NAME.match(opener.content)
            if name:
                found.append(
                    Definition(name["name"], opener.start, action.end, name["keyword"] == "block")
                )
    return found


def actions(text: str) -> list[str]:
    """What stands in each action as it is written, without comments. Raises Malformed."""
    found = _ACTION.findall(text)
    if all(comment or content for _, comment, content in found):
        return [content for _, _, content in found if content]
    return [action.content for action in _actions(text) if action.content]


def _parts(text: str) -> Iterator["str | _Action"]:
    """Text and actions in order, the text trimmed where a marker asks for it."""
    at, trim = 0, False
    for action in _actions(text):
        before = text[at : action.start]
        before = before.lstrip(_BLANKS) if trim else before
        yield before.rstrip(_BLANKS) if action.left else before
        yield action
        at, trim = action.end, action.right
    yield text[at:].lstrip(_BLANKS) if trim else text[at:]


def _actions(text: str) -> Iterator[_Action]:
    """The actions of a template in order, white space in them made one blank. Raises Malformed."""
    at = 0
    while found := _ACTION.search(text, at):
        left, comment, content = found.groups()
        at = found.end()
        if comment:
            yield _Action("", found.start(), at, left is not None, text[at - 3] == "-")
            continue
        if content is None:
            at = _close(text, found.end())
            content = text[found.end() : at - 2]
        right = content.endswith("-")
        content = content[:-1] if right else content
        content = " ".join(content.split()) if "\n" in content else content.strip()
        yield _Action(content, found.start(), at, left is not None, right)


def _close(text: str, at: int) -> int:
    """The end of an action in which something is not closed: behind the first ``}}`` after that."""
    if text.startswith("/*", at):
        raise Malformed
    while True:
        end = text.find("}}", at)
        if end < 0:
            raise Malformed
        quote = _QUOTE.search(text, at, end)
        found = _STRING.match(text, quote.start()) if quote else None
        if found is None:
            return end + 2
        at = found.end()


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
