"""What the templates of a chart do with its values: a symbolic run, in which every value is a path.

Nothing is rendered. An action gives pieces: text that is known, reads of values, and gaps. From the
pieces around a read one can see whether it ends up inside an image string. What a function does to
a value that a digest could upset (``semverCompare``, ``trunc``) is noted where it happens.
"""

from collections.abc import Mapping, Sequence

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
from boltseal_rules.helm.sinks import Sink, sinks_of
from boltseal_rules.helm.things import (
    ANY,
    GAP,
    Branches,
    Dict,
    Path,
    Piece,
    Pieces,
    Root,
    Site,
    Thing,
    Value,
    Written,
    cuts,
    either,
    field,
    indexed,
    kept,
    literal,
    paths,
    pieces_of,
    printed,
)

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
        reader.sinks += sinks_of(pieces)
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
            return pieces_of(thing, site)
        for name in node.pipe.variables:
            frame.variables[name] = either(frame.variables.get(name), thing, site)
        return ()

    def _block(self, node: Block, frame: _Frame) -> Pieces:
        site = frame.site(node.start, node.end)
        thing = self._pipe(node.pipe, frame, site)
        outer = frame.dot
        if node.keyword == "range":
            thing = Value((*thing.path, ANY)) if isinstance(thing, Value) else GAP
        for name in node.pipe.variables[-1:]:
            frame.variables[name] = thing
        for name in node.pipe.variables[:-1]:
            frame.variables[name] = GAP
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
        return thing if thing is not None else GAP

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
            thing = frame.variables.get(chain.head, GAP)
        for name in chain.fields:
            thing = field(thing, name)
        return thing

    def _call(self, call: Call, arguments: list[Thing], frame: _Frame, site: Site) -> Thing:
        name = call.name
        if not name:
            return arguments[0] if arguments else GAP
        if name in ("include", "template"):
            return self._include(arguments, frame, site)
        if name in ("index", "get", "dig"):
            return indexed(name, arguments)
        if name == "dict":
            pairs = zip(arguments[::2], arguments[1::2], strict=False)
            return Dict(tuple((literal(key), value) for key, value in pairs))
        if name == "printf":
            return printed(arguments, site)
        if name in ("merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"):
            return self._merged(arguments, site)
        if name in _ASKS:
            return GAP
        if name in _KEEPS and not cuts(name, arguments):
            return kept(name, arguments, site)
        for argument in arguments:
            self._object(argument, f"'{name}' reads it", site)
        return GAP

    def _include(self, arguments: list[Thing], frame: _Frame, site: Site) -> Thing:
        name = literal(arguments[0]) if arguments else ""
        dot = arguments[1] if len(arguments) > 1 else GAP
        if name not in self._defined:
            if not isinstance(dot, Root):  # The whole context says nothing about any one value.
                self._object(
                    dot, f"the template '{name}', which is not in this chart, reads it", site
                )
            return GAP
        if frame.depth >= _MAX_INCLUDES:
            return GAP
        key = name, dot
        if key not in self._known:
            self._known[key] = GAP  # What includes itself adds nothing new.
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
        return GAP

    def _object(self, thing: Thing, problem: str, site: Site) -> None:
        self.sinks += (Sink(path, problem, site) for path in paths(thing))
