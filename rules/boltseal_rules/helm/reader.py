"""What the templates of a chart do with its values: a symbolic run, in which every value is a path.

Nothing is rendered. An action gives pieces: text that is known, reads of values, and gaps. From the
pieces around a read one can see whether it ends up inside an image string. What a function does to
a value that a digest could upset (``semverCompare``, ``trunc``) is noted where it happens.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from boltseal.source import Source
from boltseal_rules.formats.go_template import (
    Block,
    Call,
    Chain,
    Const,
    Node,
    Operand,
    Output,
    Pipe,
    Text,
)
from boltseal_rules.helm.sinks import Sink, sinks_of
from boltseal_rules.helm.templates import Body, Templates
from boltseal_rules.helm.things import (
    ANY,
    GAP,
    Dict,
    Files,
    Path,
    Piece,
    Pieces,
    Root,
    Site,
    Thing,
    TooMuch,
    Value,
    Written,
    branches,
    cuts,
    either,
    field,
    indexed,
    is_cut,
    joined,
    kept,
    literal,
    paths,
    pieces_of,
    printed,
    written,
)

_MAX_INCLUDES = 12
_MAX_STEPS = 200_000
_MAX_PARTS = 16

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
        *("cat", "indent", "nindent", "lower", "first", "last", "ternary", "or", "and"),
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
        self.scopes: list[dict[str, Thing]] = [{}]

    def variable(self, name: str) -> Thing:
        """What a variable holds."""
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), GAP)

    def declare(self, name: str, thing: Thing) -> None:
        """Make a variable that lasts as long as its block."""
        self.scopes[-1][name] = thing

    def assign(self, name: str, thing: Thing, site: Site) -> None:
        """Set a variable again: from here on it may hold the one or the other."""
        for scope in reversed(self.scopes):
            if name in scope:
                scope[name] = either(scope[name], thing, site)
                return

    def site(self, node: Output | Block) -> Site:
        """Where an action stands."""
        return Site(self.source, node.start, node.end)


_Found = list["Sink | _Found"]
"""Sinks, and those of what is included in their midst: it is looked at once."""


class Run:
    """A run over the templates of a chart; each file and each include is looked at once.

    ``prefixes`` has for the folder of each subchart's templates the path at which its values stand
    in those of the chart.
    """

    def __init__(self, templates: Templates, prefixes: Mapping[str, Path]) -> None:
        self._templates = templates
        self._prefixes = prefixes
        self._found: _Found = []
        self._of_files: dict[str, tuple[Sink, ...]] = {}
        self._known: dict[tuple[str, Thing], tuple[Thing, _Found]] = {}
        self._steps = 0

    def sinks(self, files: Iterable[Source]) -> tuple[Sink, ...]:
        """What the templates in some files do with the values of the chart, one after the other.

        One sink of all values is among them where a template cannot be read, or gives them to what
        is not known: it may do anything with them. Raises nothing.
        """
        told = [it for it in files if not it.path.endswith("NOTES.txt")]
        # NOTES.txt is told to whoever installs the chart; nothing reads it.
        return tuple(dict.fromkeys(sink for source in told for sink in self._of_file(source)))

    def _of_file(self, source: Source) -> tuple[Sink, ...]:
        if source.path not in self._of_files:
            self._found = []
            ends = list(self._followed(source))
            self._of_files[source.path] = (*_flat(self._found), *ends)
        return self._of_files[source.path]

    def _followed(self, source: Source) -> Iterator[Sink]:
        """Where the values in what a file gives end up; one of all where it cannot be followed."""
        root = Root(self._prefixes.get(source.path.rpartition("/templates/")[0], ()))
        nodes = self._templates.nodes(source)
        try:
            if nodes is not None:
                yield from sinks_of(self._render(nodes, _Frame(source, root, 0)))
                return
        except TooMuch:
            pass
        problem = "this template could not be followed"
        yield Sink(root.values, problem, Site(source, 0, 0))

    def _render(self, nodes: tuple[Node, ...], frame: _Frame) -> Pieces:
        """The pieces that nodes give."""
        pieces: list[Piece] = []
        for node in nodes:
            self._steps += 1
            if self._steps > _MAX_STEPS:
                raise TooMuch
            if isinstance(node, Text):
                pieces.append(node.text)
            elif isinstance(node, Output):
                pieces += self._output(node, frame)
            elif node.keyword != "define":
                pieces += self._block(node, frame)
        return tuple(pieces)

    def _output(self, node: Output, frame: _Frame) -> Pieces:
        site = frame.site(node)
        thing = self._pipe(node.pipe, frame, site)
        if not node.pipe.variables:
            return pieces_of(thing, site)
        for name in node.pipe.variables:
            if node.pipe.declares:
                frame.declare(name, thing)
            else:
                frame.assign(name, thing, site)
        return ()

    def _block(self, node: Block, frame: _Frame) -> Pieces:
        site = frame.site(node)
        thing = self._pipe(node.pipe, frame, site)
        bodies = [
            self._body(node, frame, inner)
            for inner in (_items(thing) if node.keyword == "range" else (thing,))
        ]
        frame.scopes.append({})
        other = self._render(node.other, frame)
        frame.scopes.pop()
        options = (*bodies, other) if other else tuple(bodies)
        return options[0] if len(options) == 1 else (branches(options),)

    def _body(self, node: Block, frame: _Frame, thing: Thing) -> Pieces:
        """What a block gives for one thing."""
        outer = frame.dot
        frame.scopes.append({})
        for name in node.pipe.variables[:-1]:
            frame.declare(name, GAP)
        for name in node.pipe.variables[-1:]:
            frame.declare(name, thing)
        if node.keyword in ("with", "range", "block"):
            frame.dot = thing
        pieces = self._render(node.body, frame)
        frame.dot = outer
        frame.scopes.pop()
        return pieces

    def _pipe(self, pipe: Pipe, frame: _Frame, site: Site) -> Thing:
        thing: Thing | None = None
        for call in pipe.calls:
            arguments = [self._operand(operand, frame, site) for operand in call.arguments]
            if thing is not None:
                arguments.append(thing)
            thing = self._call(call, arguments, frame, site)
        return thing if thing is not None else GAP

    def _operand(self, operand: Operand, frame: _Frame, site: Site) -> Thing:
        if isinstance(operand, Chain):
            return self._chain(operand, frame, site)
        if isinstance(operand, Const):
            return Written((operand.text,))
        if isinstance(operand, Pipe):
            return self._pipe(operand, frame, site)
        return self._call(operand, [], frame, site)

    def _chain(self, chain: Chain, frame: _Frame, site: Site) -> Thing:
        if isinstance(chain.head, Pipe):
            thing = self._pipe(chain.head, frame, site)
        elif chain.head == ".":
            thing = frame.dot
        elif chain.head == "$":
            thing = frame.top
        else:
            thing = frame.variable(chain.head)
        for name in chain.fields:
            thing = field(thing, name)
        return thing

    def _call(self, call: Call, arguments: list[Thing], frame: _Frame, site: Site) -> Thing:
        name = call.name
        if not name:
            return arguments[0] if arguments else GAP
        if name in ("include", "template"):
            return self._include(arguments, frame, site)
        if name in ("merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"):
            return self._merged(arguments, site)
        if name == "tpl" and arguments and isinstance(arguments[0], Files):
            self._object(frame.top, "'tpl' runs a file that is no template", site)
            return GAP
        if name in _ASKS:
            return GAP
        made = _made(name, arguments, site)
        if made is None:
            for argument in arguments:
                self._object(argument, f"'{name}' reads it", site)
        return made or GAP

    def _include(self, arguments: list[Thing], frame: _Frame, site: Site) -> Thing:
        dot = arguments[1] if len(arguments) > 1 else GAP
        bodies = self._named(arguments[0], site) if arguments else []
        if not bodies:
            name = literal(arguments[0]) if arguments else ""
            which = f"the template '{name}'" if name else "a template whose name is not known"
            problem = f"{which}, which is not in this chart, may read it"
            self._object(dot, problem, site)
            return GAP
        found = [self._included(body, dot, frame.depth + 1) for body in bodies]
        return (
            found[0]
            if len(found) == 1
            else written((branches(tuple(pieces_of(it, site) for it in found)),))
        )

    def _included(self, body: Body, dot: Thing, depth: int) -> Thing:
        if depth > _MAX_INCLUDES:
            raise TooMuch
        key = body.name, dot
        if key in self._known:
            thing, inside = self._known[key]
            self._found.append(inside)
            return thing
        around, inside = self._found, _Found()
        around.append(inside)
        self._known[key] = GAP, inside  # What includes itself adds nothing new.
        self._found = inside
        try:
            thing = written(self._render(body.nodes, _Frame(body.source, dot, depth)))
        finally:
            self._found = around
        self._known[key] = thing, inside
        return thing

    def _named(self, thing: Thing, site: Site) -> list[Body]:
        """The templates that a name may mean; a part that is not known may be anything."""
        name = literal(thing)
        if name:
            body = self._templates.body(name)
            return [body] if body else []
        parts = [re.escape(it) if isinstance(it, str) else ".*" for it in pieces_of(thing, site)]
        if len(parts) > _MAX_PARTS:
            return []
        bodies = self._templates.like(re.compile("".join(parts), re.DOTALL))
        return bodies if len(bodies) <= _MAX_PARTS else []

    def _merged(self, arguments: list[Thing], site: Site) -> Thing:
        for argument in arguments:
            if isinstance(argument, Root):  # the usual way to hand on more than the context
                return argument
        for argument in arguments:
            self._object(argument, "it is merged with other values", site)
        return GAP

    def _object(self, thing: Thing, problem: str, site: Site) -> None:
        self._found += (Sink(path, problem, site) for path in paths(thing))


def _flat(found: _Found) -> Iterator[Sink]:
    """The sinks in their order, those of each include where it is met first."""
    seen: set[int] = set()
    stack = [iter(found)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, Sink):
            yield item
        elif id(item) not in seen:
            seen.add(id(item))
            stack.append(iter(item))


def _made(name: str, arguments: list[Thing], site: Site) -> Thing | None:
    """What a function makes that can be followed; None for any other."""
    if name in _KEEPS:
        return None if cuts(name, arguments) else kept(name, arguments, site)
    if name in ("index", "get", "dig"):
        return indexed(name, arguments)
    if name == "dict":
        pairs = zip(arguments[::2], arguments[1::2], strict=False)
        return Dict(tuple((literal(key), value) for key, value in pairs))
    if name in ("list", "tuple"):
        return Dict(tuple((str(index), it) for index, it in enumerate(arguments)))
    if name == "set" and arguments and isinstance(arguments[0], Root | Dict):
        return _with(arguments)
    if name == "print":
        return joined(arguments, site)
    if name == "printf" and not is_cut(arguments):
        return printed(arguments, site)
    return None


def _items(thing: Thing) -> tuple[Thing, ...]:
    """What a ``range`` goes through."""
    if isinstance(thing, Value):
        return (Value((*thing.path, ANY)),)
    if isinstance(thing, Dict):
        return tuple(value for _, value in thing.entries) or (GAP,)
    return (GAP,)


def _with(arguments: list[Thing]) -> Thing:
    """A dictionary with one more entry; of the context only the values matter."""
    thing, *rest = arguments
    if isinstance(thing, Dict) and len(rest) == 2:
        return Dict((*thing.entries, (literal(rest[0]), rest[1])))
    return thing
