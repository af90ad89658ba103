"""From an expression in HCL that names an image to the uses it comes to.

A name leads to what defines it: the default of a variable, a local value. The use stands where the
reference is written out, which may be another file of the same folder than the one that reads it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from boltseal.reference import ImageReference, InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related, Spelling, Whole
from boltseal_rules.formats.hcl import (
    Block,
    Call,
    Choice,
    Expression,
    Items,
    Name,
    Object,
    Text,
    key_text,
    path_in,
    unescaped,
)
from boltseal_rules.text_use import ESCAPED, unknown_part

_MAX_STEPS = 12
"""Names that lead to one another beyond which the rest is not known."""
_MAX_VALUES = 200
"""Values of one expression beyond which no more are asked for."""
_MAX_LENGTH = 4096
_CHOOSING = frozenset({"coalesce", "try", "coalescelist", "one", "tostring", "nonsensitive"})
_COLLECTING = frozenset(
    {"toset", "tolist", "tomap", "concat", "merge", "flatten", "sort", "distinct"}
)
_JOINED = re.compile(
    r"(?<!\"docker-image://)(?<!\"docker://)(?<=[\w./:@-])\$\{~?\s*([\w.-]+)\s*~?\}|\$\{~?\s*([\w.-]+)\s*~?\}(?=[\w./:@$-])"
)
# What reads a value as text and would see the digest: functions on texts, comparisons, keys.
_READ = re.compile(
    r"\b(?:split|replace|regex\w*|format\w*|join|substr|trim(?:prefix|suffix)?|startswith|endswith|"
    r"strcontains|contains|element|index|md5|sha\d+|base64\w*|templatefile|length|upper|lower|title|"
    r"zipmap|setproduct)\s{0,9}\((?:[^()\n]{0,120}[,\[(\s])?(?P<called>[A-Za-z_][\w.-]*)\s{0,9}[,)\]]"
    r"|(?<!\w)(?P<left>[A-Za-z_][\w.-]{0,200}+)\s{0,9}[=!]=|[=!]=\s{0,9}(?P<right>[A-Za-z_][\w.-]*)"
    r"|\[\s{0,9}(?P<key>[A-Za-z_][\w.-]*)\s{0,9}\](?!\s*[,)])"
)
_IN_PARTS = Opaque(
    "what holds it is compared, or is a part of another text too",
    "give the image a variable of its own",
)

_FILLED_IN = Opaque("a template fills it in", "pin the reference where the template gets it")


class Definition(NamedTuple):
    """What a name stands for, and the way to it in its file."""

    source: Source
    route: str
    value: Expression


class Scope(NamedTuple):
    """The names that are defined, by their path.

    ``joined`` are those that are a part of some other text, ``elsewhere`` the beginnings of paths
    that lead to an image that is judged where it is declared, ``made`` the references that are
    built here, ``not_pulled`` the beginnings of names that no registry is asked for.
    """

    definitions: Mapping[tuple[str, ...], Definition]
    joined: frozenset[str] = frozenset()
    elsewhere: tuple[tuple[str, ...], ...] = ()
    made: frozenset[str] = frozenset()
    not_pulled: tuple[str, ...] = ("scratch",)

    def is_elsewhere(self, path: tuple[str, ...]) -> bool:
        """Whether a path leads to an image that is judged where it is declared."""
        return any(path[: len(begin)] == begin for begin in self.elsewhere)


class Spot(NamedTuple):
    """An expression that names an image.

    ``prefix`` is a scheme before the reference without which it is none. ``tagged`` tells that
    the expression names an image only if it comes to a reference with a tag or a registry. ``loops`` are the
    names that ``for_each`` gives to what it goes through, with that. ``objection`` is why whoever
    reads it may not take a digest.
    """

    source: Source
    route: str
    value: Expression
    prefix: str = ""
    tagged: bool = False
    loops: tuple[tuple[str, Expression], ...] = ()
    objection: str = ""


class _Literal(NamedTuple):
    """A reference that is written out."""

    source: Source
    route: str
    text: Text
    prefix: str
    names: tuple[str, ...]


class _Joined(NamedTuple):
    """A reference that is put together; ``text`` is None where a part is not known."""

    text: str | None
    names: tuple[str, ...]


_Value = _Literal | _Joined


def joined_names(text: str) -> frozenset[str]:
    """The names whose value something in ``text`` puts together with more, compares or cuts."""
    joined = {match[1] or match[2] for match in _JOINED.finditer(text)}
    read = {name for match in _READ.finditer(text) for name in match.groups() if name}
    return frozenset(joined | read)


def spot_uses(
    source: Source, place: str, spots: Iterable[Spot], scope: Scope
) -> Iterator[ImageUse]:
    """The uses in ``source`` to which the spots, which may stand in other files, come.

    What is written out once is one use, however many spots read it.
    """
    literals: dict[int, tuple[_Literal, list[Spot]]] = {}
    for spot in spots:
        values = list(islice(_values(spot, scope), _MAX_VALUES))
        found = [value for value in values if isinstance(value, _Literal)]
        for literal in found:
            if literal.source.path == source.path:
                literals.setdefault(literal.text.start, (literal, []))[1].append(spot)
        rest = [value for value in values if isinstance(value, _Joined)]
        if rest and not found and spot.source.path == source.path:
            yield from _joined_use(source, place, spot, rest)
    for literal, readers in literals.values():
        use = _literal_use(source, place, literal, readers, scope)
        if use:
            yield use


def _literal_use(
    source: Source, place: str, literal: _Literal, readers: list[Spot], scope: Scope
) -> ImageUse | None:
    value = literal.text.value or ""
    raw = source.text[slice(*literal.text.body)]
    if raw != value and "[[" in raw:
        where = _bytes(source, *literal.text.body)
        return ImageUse(source, place, literal.route, raw, None, where, _FILLED_IN)
    text = value.removeprefix(literal.prefix).strip()
    reference = parse(text)
    if (
        not text
        or text in scope.made
        or _is_not_pulled(text, scope)
        or (all(spot.tagged for spot in readers) and not _is_tagged(reference))
    ):
        return None
    span = _span(source, literal.text, value, text)
    related = tuple(
        Related(
            _bytes(spot.source, spot.value.start, spot.value.end),
            "read here",
            None if spot.source.path == source.path else spot.source,
        )
        for spot in readers
        if spot.value is not literal.text
    )
    where = span or _bytes(source, literal.text.start, literal.text.end)
    unknown = unknown_part(text)
    if unknown:
        return ImageUse(source, place, literal.route, text, None, where, unknown, related)
    objection = next((spot.objection for spot in readers if spot.objection), "")
    spelling: Spelling = Whole(span, objection) if span else ESCAPED
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    elif not scope.joined.isdisjoint(literal.names):
        spelling = _IN_PARTS
    return ImageUse(source, place, literal.route, text, reference, where, spelling, related)


def _is_not_pulled(text: str, scope: Scope) -> bool:
    return any(text == name or text.startswith(f"{name}/") for name in scope.not_pulled)


def _is_tagged(reference: ImageReference | InvalidReference) -> bool:
    """Whether a reference can hardly be the name of anything else: by its tag, or by its registry."""
    if not isinstance(reference, ImageReference):
        return False
    host, slash, _ = reference.original.partition("/")
    return bool(reference.tag or reference.digest or (slash and "." in host))


def _span(source: Source, text: Text, value: str, reference: str) -> Span | None:
    """The bytes of a reference in a string; None where the string is written with escapes."""
    start, end = text.body
    if source.text[start:end] != value:
        return None
    start += value.rindex(reference)
    return _bytes(source, start, start + len(reference))


def _bytes(source: Source, start: int, end: int) -> Span:
    return Span(source.byte_offset(start), source.byte_offset(end))


def _joined_use(
    source: Source, place: str, spot: Spot, values: list[_Joined]
) -> Iterator[ImageUse]:
    """The use of a spot whose reference is nowhere written out."""
    if spot.tagged:
        return
    written = source.text[spot.value.start : spot.value.end]
    span = _bytes(source, spot.value.start, spot.value.end)
    known = next((value for value in values if value.text), None)
    shown = written.strip('"').removeprefix(spot.prefix)
    if known is None or known.text is None:
        names = ", ".join(dict.fromkeys(name for value in values for name in value.names))
        yield ImageUse(source, place, spot.route, shown, None, span, not_known(names))
        return
    reference = parse(known.text)
    parts = ", ".join(known.names)
    spelling = Opaque(
        f"the reference is built from several parts ({parts})",
        "write the whole reference, with its digest, into one variable",
    )
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    yield ImageUse(source, place, spot.route, known.text, reference, span, spelling)


def not_known(names: str) -> Opaque:
    """Why an expression says nothing: what it reads gets its value elsewhere."""
    return Opaque(
        f"{names or 'an expression'} has no value in these files",
        "give the variable a whole reference as its default, or pin it where it is set",
    )


def _values(spot: Spot, scope: Scope) -> Iterator[_Value]:
    reader = Reader(scope, spot.loops)
    here = Definition(spot.source, spot.route, spot.value)
    return reader.values(here, spot.prefix, (), 0)


class Reader:
    """What expressions come to in one scope, as far as that is written down."""

    def __init__(self, scope: Scope, loops: tuple[tuple[str, Expression], ...] = ()) -> None:
        self._scope = scope
        self._loops = dict(loops)

    def values(
        self, at: Definition, prefix: str, names: tuple[str, ...], steps: int
    ) -> Iterator[_Value]:
        """The values of one expression; ``names`` have led to it."""
        value = at.value
        if steps > _MAX_STEPS:
            return
        if isinstance(value, Text):
            yield from self._text(at, value, prefix, names, steps)
        elif isinstance(value, Choice):
            for branch in value.branches:
                yield from self.values(at._replace(value=branch), prefix, names, steps + 1)
        elif isinstance(value, Call) and value.name in _CHOOSING:
            for argument in value.arguments:
                yield from self.values(at._replace(value=argument), prefix, names, steps + 1)
        elif isinstance(value, Call) and value.name == "lookup" and len(value.arguments) > 2:
            yield from self.values(at._replace(value=value.arguments[2]), prefix, names, steps + 1)
        elif isinstance(value, Name):
            yield from self._name(at, value.path, prefix, names, steps)
        elif not prefix:
            yield _Joined(None, names)

    def _name(
        self, at: Definition, path: tuple[str, ...], prefix: str, names: tuple[str, ...], steps: int
    ) -> Iterator[_Value]:
        if self._scope.is_elsewhere(path):
            return
        name = ".".join(path)
        found = False
        for definition in self.defined(at, path, steps):
            found = True
            yield from self.values(definition, prefix, (*names, name), steps + 1)
        if not found and not prefix:
            yield _Joined(None, (*names, name))

    def defined(self, at: Definition, path: tuple[str, ...], steps: int) -> Iterator[Definition]:
        """What a path leads to: a definition, or something in it."""
        loop = self._loops.get(path[0])
        if loop is not None and len(path) > 1:
            keys = path[1] == "key"
            for item in self.members(at._replace(value=loop), steps + 1, keys=keys):
                yield from self._below(item, path[2:], steps + 1)
            return
        for length in range(len(path), 0, -1):
            definition = self._scope.definitions.get(path[:length])
            if definition is not None:
                yield from self._below(definition, path[length:], steps + 1)
                return

    def members(self, at: Definition, steps: int, *, keys: bool) -> Iterator[Definition]:
        """The members of a collection."""
        value = at.value
        if steps > _MAX_STEPS:
            return
        if isinstance(value, Name):
            for definition in self.defined(at, value.path, steps + 1):
                yield from self.members(definition, steps + 1, keys=keys)
        elif isinstance(value, Call) and value.name in _COLLECTING:
            for argument in value.arguments:
                yield from self.members(at._replace(value=argument), steps + 1, keys=keys)
        elif isinstance(value, Items):
            for index, item in enumerate(value.items):
                yield Definition(at.source, f"{at.route}[{index}]", item)
        elif isinstance(value, Object):
            for name, item in value.entries:
                member = name if keys else item
                yield Definition(at.source, f"{at.route}.{key_text(name)}", member)

    def _below(self, at: Definition, path: tuple[str, ...], steps: int) -> Iterator[Definition]:
        """What stands at ``path`` below a definition."""
        if not path:
            yield at
            return
        if steps > _MAX_STEPS:
            return
        if isinstance(at.value, Name):
            yield from self.defined(at, (*at.value.path, *path), steps + 1)
        elif isinstance(at.value, Choice | Call):
            for part in _alternatives(at.value):
                yield from self._below(at._replace(value=part), path, steps + 1)
        else:
            for below in _step(at, path[0]):
                yield from self._below(below, path[1:], steps + 1)

    def _text(
        self, at: Definition, text: Text, prefix: str, names: tuple[str, ...], steps: int
    ) -> Iterator[_Value]:
        if text.value is not None:
            if text.value.startswith(prefix):
                yield _Literal(at.source, at.route, text, prefix, names)
            return
        written = [at.source.text[part.start : part.end] for part in text.parts]
        kinds = [part.is_literal for part in text.parts]
        if prefix and kinds[0] and written[0].startswith(prefix):
            rest = written[0].removeprefix(prefix)
            written, kinds = ([rest, *written[1:]], kinds) if rest else (written[1:], kinds[1:])
            prefix = ""
        if len(written) == 1 and (path := path_in(written[0])):
            yield from self._name(at, path, prefix, names, steps)
        elif not prefix and not any(map(self._scope.is_elsewhere, map(path_in, written))):
            yield self._join(at, written, kinds, text.heredoc, names, steps)

    def _join(
        self,
        at: Definition,
        written: list[str],
        kinds: list[bool],
        heredoc: bool,
        names: tuple[str, ...],
        steps: int,
    ) -> _Joined:
        out: str | None = ""
        missing: list[str] = []
        read: list[str] = []
        for part, is_literal in zip(written, kinds, strict=True):
            piece = unescaped(part, heredoc=heredoc) if is_literal else None
            if not is_literal:
                path = path_in(part)
                read.append(".".join(path) or part)
                piece = self._piece(at, path, steps) if path else None
                missing += read[-1:] if not piece else []
            out = out + piece if out is not None and piece else None
            if out is not None and len(out) > _MAX_LENGTH:
                out = None
        return _Joined(out, (*names, *(missing if out is None else read)))

    def _piece(self, at: Definition, path: tuple[str, ...], steps: int) -> str | None:
        """The one text that a path comes to; None where it is not known or may be several."""
        values = list(islice(self._name(at, path, "", (), steps + 1), 2))
        if len(values) != 1:
            return None
        value = values[0]
        return value.text.value if isinstance(value, _Literal) else value.text


def _alternatives(value: Choice | Call) -> tuple[Expression, ...]:
    """The expressions of which one, or all together, are what a value comes to."""
    if isinstance(value, Choice):
        return value.branches
    return value.arguments if value.name in _COLLECTING else ()


def _step(at: Definition, step: str) -> Iterator[Definition]:
    """What stands under one key, or at one index."""
    value = at.value
    if isinstance(value, Object):
        for key, item in value.entries:
            if key_text(key) == step:
                yield Definition(at.source, f"{at.route}.{step}", item)
    elif isinstance(value, Items) and step.isdecimal():
        for item in value.items[int(step[:6]) :][:1]:
            yield Definition(at.source, f"{at.route}[{step}]", item)


def variable_defaults(
    source: Source, root: Block, *under: str
) -> Iterator[tuple[tuple[str, ...], Definition]]:
    """The defaults of the variables of a file, with the path by which they are read."""
    for block in root.of("variable"):
        default = block.get("default")
        if default is not None and block.labels:
            name = block.labels[0]
            yield (*under, name), Definition(source, f"variable.{name}.default", default)


def local_values(source: Source, root: Block) -> Iterator[tuple[tuple[str, ...], Definition]]:
    """The local values of a file, with the path by which they are read."""
    for block in root.of("locals"):
        for name, value in block.attributes:
            yield ("local", name), Definition(source, f"local.{name}", value)
