"""What the templates of a chart do with its values: a symbolic run, in which every value is a path.

Nothing is rendered. An action gives pieces: text that is known, reads of values, and gaps. From the
pieces around a read one can see whether it ends up inside an image string. What a function does to
a value that a digest could upset (``semverCompare``, ``trunc``) is noted where it happens.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from boltseal.source import Source, Span
from boltseal_rules.formats.go_template import (
    Block,
    Call,
    Chain,
    Const,
    Malformed,
    Node,
    Operand,
    Output,
    Pipe,
    Text,
    parse,
)

Path = tuple[str, ...]
ANY = "*"
"""A step of a path that stands for whatever a ``range`` goes through."""
_MAX_INCLUDES = 12
_MAX_STEPS = 200_000

# What leaves a value as it is, as far as a digest behind a tag is concerned.
_KEEPS = frozenset(
    {
        *(
            "quote",
            "squote",
            "default",
            "toString",
            "trim",
            "trimAll",
            "tpl",
            "required",
            "coalesce",
        ),
        *("print", "cat", "indent", "nindent", "lower", "first", "last", "ternary", "or", "and"),
        *("deepCopy", "trimPrefix", "trimSuffix", "nospace", "replace", "toYaml", "toJson"),
    }
)
# What says something about a value and does not pass it on, and is the same with a digest or without.
_ASKS = frozenset(
    {
        *("not", "empty", "kindIs", "kindOf", "typeIs", "typeOf", "hasKey", "sha256sum", "fail"),
        *("len", "all", "any"),
    }
)
_FORMAT = re.compile(r"%[-+# 0]*\d*[a-zA-Z]")
_SPACE = re.compile(r"[\s\"'`]")
_KEY = re.compile(r"^[\s-]*[\"']?([^\s\"':{}]+)[\"']?:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Root:
    """The context a template starts with: ``.Values`` in it is ``values``."""

    values: Path = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the chart."""

    path: Path


@dataclass(frozen=True, slots=True)
class Dict:
    """What ``dict`` makes."""

    entries: tuple[tuple[str, "Thing"], ...]


class Site(NamedTuple):
    """Where in the templates something happens."""

    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class Read:
    """A value of the chart that is written out."""

    path: Path
    site: Site


@dataclass(frozen=True, slots=True)
class Gap:
    """Text that is not known."""


@dataclass(frozen=True, slots=True)
class Branches:
    """One of several."""

    options: tuple["Pieces", ...]


Piece = str | Read | Gap | Branches
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Text, as far as it is known."""

    pieces: Pieces


Thing = Root | Value | Dict | Written
_GAP = Written((Gap(),))


class Sink(NamedTuple):
    """What becomes of a value at one site: '' inside an image string, else what would break."""

    path: Path
    problem: str
    site: Site


class _Frame:
    """One template at work: its dot, its ``$``, its variables, and the file that it stands in."""

    def __init__(self, source: Source, dot: Thing, depth: int) -> None:
        self.source = source
        self.dot = dot
        self.top = dot
        self.depth = depth
        self.variables: dict[str, Thing] = {}

    def site(self, start: int, end: int) -> Site:
        offset = self.source.byte_offset
        return Site(self.source, Span(offset(start), offset(end)))


def sinks(sources: Sequence[Source], prefixes: Mapping[str, Path]) -> tuple[Sink, ...]:
    """What the templates do with the values of a chart.

    In: every template, ``.tpl`` files with helpers too, and for the folder of each subchart's
    templates the path at which its values stand in those of the chart. Out: the sinks. A template
    that cannot be read counts for nothing; Raises nothing.
    """
    reader = _Reader()
    parsed = [(source, nodes) for source in sources if (nodes := _parsed(source)) is not None]
    for source, nodes in parsed:
        reader.learn(source, nodes)
    for source, nodes in parsed:
        if source.path.endswith("NOTES.txt"):
            continue  # Told to whoever installs the chart; nothing reads it.
        root = Root(prefixes.get(source.path.rpartition("/templates/")[0], ()))
        try:
            pieces = reader.render(nodes, _Frame(source, root, 0))
        except _TooMuch:
            return ()
        reader.sinks += _sinks(pieces)
    return tuple(dict.fromkeys(reader.sinks))


class _TooMuch(Exception):
    """More work than a chart is worth."""


def _parsed(source: Source) -> tuple[Node, ...] | None:
    try:
        return parse(source.text)
    except Malformed:
        return None


class _Reader:
    """The templates of one chart, by name, and what has been seen of them."""

    def __init__(self) -> None:
        self.sinks: list[Sink] = []
        self._defined: dict[str, tuple[Source, tuple[Node, ...]]] = {}
        self._known: dict[tuple[str, Thing], Thing] = {}
        self._steps = 0

    def learn(self, source: Source, nodes: tuple[Node, ...]) -> None:
        """Take in the templates that a file defines."""
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if not isinstance(node, Block):
                continue
            if node.keyword in ("define", "block"):
                name = next(iter(node.pipe.calls[0].arguments), None)
                if isinstance(name, Const):
                    self._defined[name.text] = (source, node.body)
            stack += (*node.body, *node.other)

    def render(self, nodes: tuple[Node, ...], frame: _Frame) -> Pieces:
        """The pieces that nodes give."""
        pieces: list[Piece] = []
        for node in nodes:
            self._steps += 1
            if self._steps > _MAX_STEPS:
                raise _TooMuch
            if isinstance(node, Text):
                pieces.append(node.text)
            elif isinstance(node, Output):
                pieces += self._output(node, frame)
            elif node.keyword != "define":
                pieces += self._block(node, frame)
        return tuple(pieces)

    def _output(self, node: Output, frame: _Frame) -> Pieces:
        site = frame.site(node.start, node.end)
        thing = self._pipe(node.pipe, frame, site)
        if not node.pipe.variables:
            return _pieces(thing, site)
        for name in node.pipe.variables:
            frame.variables[name] = _either(frame.variables.get(name), thing, site)
        return ()

    def _block(self, node: Block, frame: _Frame) -> Pieces:
        site = frame.site(node.start, node.end)
        thing = self._pipe(node.pipe, frame, site)
        outer = frame.dot
        if node.keyword == "range":
            thing = Value((*thing.path, ANY)) if isinstance(thing, Value) else _GAP
        for name in node.pipe.variables[-1:]:
            frame.variables[name] = thing
        for name in node.pipe.variables[:-1]:
            frame.variables[name] = _GAP
        if node.keyword in ("with", "range", "block"):
            frame.dot = thing
        body = self.render(node.body, frame)
        frame.dot = outer
        other = self.render(node.other, frame)
        return (Branches((body, other)),) if other else body

    def _pipe(self, pipe: Pipe, frame: _Frame, site: Site) -> Thing:
        thing: Thing | None = None
        for call in pipe.calls:
            arguments = [self._operand(operand, frame, site) for operand in call.arguments]
            if thing is not None:
                arguments.append(thing)
            thing = self._call(call, arguments, frame, site)
        return thing if thing is not None else _GAP

    def _operand(self, operand: Operand, frame: _Frame, site: Site) -> Thing:
        if isinstance(operand, Const):
            return Written((operand.text,))
        if isinstance(operand, Pipe):
            return self._pipe(operand, frame, site)
        if isinstance(operand, Call):
            return self._call(operand, [], frame, site)
        return self._chain(operand, frame, site)

    def _chain(self, chain: Chain, frame: _Frame, site: Site) -> Thing:
        if isinstance(chain.head, Pipe):
            thing = self._pipe(chain.head, frame, site)
        elif chain.head == ".":
            thing = frame.dot
        elif chain.head == "$":
            thing = frame.top
        else:
            thing = frame.variables.get(chain.head, _GAP)
        for field in chain.fields:
            thing = _field(thing, field)
        return thing

    def _call(self, call: Call, arguments: list[Thing], frame: _Frame, site: Site) -> Thing:
        name = call.name
        if not name:
            return arguments[0] if arguments else _GAP
        if name in ("include", "template"):
            return self._include(arguments, frame, site)
        if name in ("index", "get", "dig"):
            return _indexed(name, arguments)
        if name == "dict":
            pairs = zip(arguments[::2], arguments[1::2], strict=False)
            return Dict(tuple((_literal(key), value) for key, value in pairs))
        if name == "printf":
            return _printed(arguments, site)
        if name in ("merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"):
            return self._merged(arguments, site)
        if name in _ASKS:
            return _GAP
        if name in _KEEPS and not _cuts(name, arguments):
            return _kept(name, arguments, site)
        for argument in arguments:
            self._object(argument, f"'{name}' reads it", site)
        return _GAP

    def _include(self, arguments: list[Thing], frame: _Frame, site: Site) -> Thing:
        name = _literal(arguments[0]) if arguments else ""
        dot = arguments[1] if len(arguments) > 1 else _GAP
        if name not in self._defined:
            if not isinstance(dot, Root):  # The whole context says nothing about any one value.
                self._object(
                    dot, f"the template '{name}', which is not in this chart, reads it", site
                )
            return _GAP
        if frame.depth >= _MAX_INCLUDES:
            return _GAP
        key = name, dot
        if key not in self._known:
            self._known[key] = _GAP  # What includes itself adds nothing new.
            source, body = self._defined[name]
            frame = _Frame(source, dot, frame.depth + 1)
            self._known[key] = Written(self.render(body, frame))
        return self._known[key]

    def _merged(self, arguments: list[Thing], site: Site) -> Thing:
        for argument in arguments:
            if isinstance(argument, Root):
                return argument
        for argument in arguments:
            self._object(argument, "it is merged with other values", site)
        return _GAP

    def _object(self, thing: Thing, problem: str, site: Site) -> None:
        self.sinks += (Sink(path, problem, site) for path in _paths(thing))


def _field(thing: Thing, field: str) -> Thing:
    if isinstance(thing, Root):
        return Value(thing.values) if field == "Values" else _GAP
    if isinstance(thing, Value):
        return Value((*thing.path, field))
    if isinstance(thing, Dict):
        return next((value for key, value in thing.entries if key == field), _GAP)
    return _GAP


def _indexed(name: str, arguments: list[Thing]) -> Thing:
    if name == "dig" and len(arguments) > 1:
        *keys, _, thing = arguments
    elif arguments:
        thing, *keys = arguments
    else:
        return _GAP
    for key in keys:
        thing = _field(thing, _literal(key) or ANY)
    return thing


def _literal(thing: Thing) -> str:
    """The text that a thing is, where it is known; else ''."""
    if isinstance(thing, Written) and len(thing.pieces) == 1 and isinstance(thing.pieces[0], str):
        return thing.pieces[0]
    return ""


def _pieces(thing: Thing, site: Site) -> Pieces:
    """A thing as text."""
    if isinstance(thing, Value):
        return (Read(thing.path, site),)
    return thing.pieces if isinstance(thing, Written) else _GAP.pieces


def _printed(arguments: list[Thing], site: Site) -> Thing:
    form = _literal(arguments[0]) if arguments else ""
    rest = iter(arguments[1:])
    pieces: list[Piece] = []
    at = 0
    for verb in _FORMAT.finditer(form):
        pieces += (form[at : verb.start()], *_pieces(next(rest, _GAP), site))
        at = verb.end()
    return Written((*pieces, form[at:]))


def _kept(name: str, arguments: list[Thing], site: Site) -> Thing:
    """What a function that changes nothing gives: any of its arguments that is not mere text."""
    telling = [thing for thing in arguments if not _is_plain(thing)]
    if not telling:
        return _GAP
    if len(telling) == 1 and name not in ("quote", "squote"):
        return telling[0]
    options = tuple(_pieces(thing, site) for thing in telling)
    pieces: Pieces = (Branches(options),) if len(options) > 1 else options[0]
    return Written(('"', *pieces, '"') if name in ("quote", "squote") else pieces)


def _is_plain(thing: Thing) -> bool:
    """Whether no value of the chart is in a text."""
    return isinstance(thing, Written) and all(
        isinstance(piece, str | Gap) for piece in thing.pieces
    )


def _cuts(name: str, arguments: list[Thing]) -> bool:
    """Whether ``replace`` and the like would change a digest too."""
    return name in ("replace", "trimAll") and any(
        set(_literal(argument)) & {":", "@"} for argument in arguments[:-1]
    )


def _either(old: Thing | None, new: Thing, site: Site) -> Thing:
    """What a variable holds after it was set again: the one or the other."""
    if old is None or old == new or _is_plain(old):
        return new
    if _is_plain(new):
        return old
    return Written((Branches((_pieces(old, site), _pieces(new, site))),))


def _paths(thing: Thing) -> Iterator[Path]:
    """The values that a thing is made of."""
    stack: list[Thing | Piece] = [thing]
    while stack:
        part = stack.pop()
        if isinstance(part, Value | Read):
            yield part.path
        elif isinstance(part, Dict):
            stack += (value for _, value in part.entries if not isinstance(value, Root))
        elif isinstance(part, Written):
            stack += part.pieces
        elif isinstance(part, Branches):
            stack += (piece for option in part.options for piece in option)


class _Line:
    """What stands before a piece: the line so far, and in it the word so far."""

    def __init__(self) -> None:
        self.text = ""
        self.word: list[Piece] = []

    def copy(self) -> "_Line":
        other = _Line()
        other.text, other.word = self.text, list(self.word)
        return other

    def add(self, piece: Piece) -> None:
        if not isinstance(piece, str):
            self.text += "…"
            self.word.append(piece)
            return
        self.text = f"{self.text}{piece}".rpartition("\n")[2]
        parts = _SPACE.split(piece)
        if len(parts) > 1:
            self.word = []
        self.word.append(parts[-1])


def _sinks(pieces: Pieces) -> Iterator[Sink]:
    """Where the reads among the pieces end up."""
    line = _Line()
    yield from _scan(pieces, line, "", 0)


def _scan(pieces: Pieces, line: _Line, behind: Piece, depth: int) -> Iterator[Sink]:
    if depth > _MAX_INCLUDES * 4:
        return
    for index, piece in enumerate(pieces):
        following = next((p for p in pieces[index + 1 :] if p != ""), behind)
        if isinstance(piece, Branches):
            begun = line.copy()
            for option in piece.options:
                branch = begun.copy()
                yield from _scan(option, branch, following, depth + 1)
                line.word += branch.word
                line.text = branch.text
            continue
        if isinstance(piece, Read) and not line.text.lstrip().startswith("#"):
            yield Sink(piece.path, _problem(line, following), piece.site)
        line.add(piece)


def _problem(line: _Line, following: Piece) -> str:
    """Why a digest behind this value would be wrong here; '' inside an image string, or of one.

    A name and a colon stand before a tag in an image string, and nothing but a quote, white space
    or a digest behind it.
    """
    while isinstance(following, Branches):
        following = next((p for p in following.options[0] if p != ""), "")
    before = [piece for piece in line.word if piece != ""]
    tail = before[-1] if before else ""
    if not isinstance(tail, str) or not tail.endswith(":") or (len(before) == 1 and tail == ":"):
        key = _KEY.match(line.text)
        where = f"'{key[1]}' takes it" if key else "it is written out"
        return f"{where} in a place that is no tag of an image"
    if isinstance(following, str):
        glued = following and not _SPACE.match(following) and following[0] not in "@,;)"
        return "text is put behind it" if glued else ""
    return "text is put behind it"
