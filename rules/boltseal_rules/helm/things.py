"""What an expression in a chart's template is: the context, a value, a dictionary, or text in pieces."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from boltseal.source import Source, Span

Path = tuple[str, ...]
ANY = "*"
"""A step of a path that stands for whatever a ``range`` goes through."""

_FORMAT = re.compile(r"%[-+# 0]*\d*[a-zA-Z%]")
_CUTTING_FORMAT = re.compile(r"%[-+# 0]*(?:\d*\.|\*|\[)")
_MAX_SIZE = 5000
"""Pieces of one text beyond which a chart is not looked at."""


class TooMuch(Exception):
    """More work than a chart is worth."""


@dataclass(frozen=True, slots=True)
class Root:
    """The context a template starts with: ``.Values`` in it is ``values``."""

    values: Path = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the chart; ``top`` is all that a chart has, also as a subchart."""

    path: Path
    top: bool = False


@dataclass(frozen=True, slots=True)
class Dict:
    """What ``dict`` makes."""

    entries: tuple[tuple[str, "Thing"], ...]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of the chart, or what stands in one."""


class Site(NamedTuple):
    """Where in the templates something happens; the offsets are those of characters."""

    source: Source
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The bytes at the site."""
        return Span(self.source.byte_offset(self.start), self.source.byte_offset(self.end))


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
    """One of several. ``size`` counts the pieces in all of them, ``reads`` tells of values there."""

    options: tuple["Pieces", ...]
    size: int
    reads: bool


Piece = str | Read | Gap | Branches
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Text, as far as it is known."""

    pieces: Pieces


Thing = Root | Value | Dict | Files | Written
GAP = Written((Gap(),))


def branches(options: tuple[Pieces, ...]) -> Branches:
    """One of several texts. Raises TooMuch where they are too long."""
    size = sum(map(_size, options))
    if size > _MAX_SIZE:
        raise TooMuch
    return Branches(options, size, any(reads(it) for option in options for it in option))


def written(pieces: Pieces) -> Written:
    """A text. Raises TooMuch where it is too long."""
    if _size(pieces) > _MAX_SIZE:
        raise TooMuch
    return Written(pieces)


def reads(piece: Piece) -> bool:
    """Whether a value of the chart is in a piece."""
    return piece.reads if isinstance(piece, Branches) else isinstance(piece, Read)


def _size(pieces: Pieces) -> int:
    return len(pieces) + sum(it.size - 1 for it in pieces if isinstance(it, Branches))


def field(thing: Thing, name: str) -> Thing:
    """The field of a thing; a gap where nothing is known of it."""
    if isinstance(thing, Root):
        if name == "Files":
            return Files()
        return Value(thing.values, top=True) if name == "Values" else GAP
    if isinstance(thing, Files):
        return thing
    if isinstance(thing, Value):
        if thing.top and name == "AsMap":
            return thing
        return Value(("global",) if thing.top and name == "global" else (*thing.path, name))
    if isinstance(thing, Dict):
        return next((value for key, value in thing.entries if key == name), GAP)
    return GAP


def indexed(name: str, arguments: list[Thing]) -> Thing:
    """What ``index``, ``get`` and ``dig`` lead to; a key that is not known is any."""
    if name == "dig" and len(arguments) > 1:
        *keys, _, thing = arguments
    elif arguments:
        thing, *keys = arguments
    else:
        return GAP
    for key in keys:
        thing = field(thing, literal(key) or ANY)
    return thing


def literal(thing: Thing) -> str:
    """The text that a thing is, where it is known; else ''."""
    if isinstance(thing, Written) and len(thing.pieces) == 1 and isinstance(thing.pieces[0], str):
        return thing.pieces[0]
    return ""


def pieces_of(thing: Thing, site: Site) -> Pieces:
    """A thing as text."""
    if isinstance(thing, Value):
        return (Read(thing.path, site),)
    return thing.pieces if isinstance(thing, Written) else GAP.pieces


def joined(arguments: list[Thing], site: Site) -> Thing:
    """What ``print`` gives of texts: one behind the other."""
    return written(tuple(piece for thing in arguments for piece in pieces_of(thing, site)))


def is_cut(arguments: list[Thing]) -> bool:
    """Whether a format cuts its arguments, or takes them in an order of its own."""
    return bool(arguments) and _CUTTING_FORMAT.search(literal(arguments[0])) is not None


def printed(arguments: list[Thing], site: Site) -> Thing:
    """What ``printf`` gives: its format, with the arguments put in."""
    form = literal(arguments[0]) if arguments else ""
    rest = iter(arguments[1:])
    pieces: list[Piece] = []
    at = 0
    for verb in _FORMAT.finditer(form):
        value = ("%",) if verb[0] == "%%" else pieces_of(next(rest, GAP), site)
        pieces += (form[at : verb.start()], *value)
        at = verb.end()
    return written((*pieces, form[at:]))


def kept(name: str, arguments: list[Thing], site: Site) -> Thing:
    """What a function that changes nothing gives: any of its arguments that is not mere text."""
    telling = [thing for thing in arguments if not is_plain(thing)]
    if not telling:
        return GAP
    if len(telling) == 1 and name not in ("quote", "squote"):
        return telling[0]
    options = tuple(pieces_of(thing, site) for thing in telling)
    pieces: Pieces = (branches(options),) if len(options) > 1 else options[0]
    return written(('"', *pieces, '"') if name in ("quote", "squote") else pieces)


def is_plain(thing: Thing) -> bool:
    """Whether no value of the chart is in a text."""
    return isinstance(thing, Written) and not any(
        isinstance(piece, (Read, Branches)) for piece in thing.pieces
    )


def cuts(name: str, arguments: list[Thing]) -> bool:
    """Whether ``replace`` and the like would change a digest too."""
    return name in ("replace", "trimAll") and any(
        set(literal(argument)) & {":", "@"} for argument in arguments[:-1]
    )


def either(old: Thing | None, new: Thing, site: Site) -> Thing:
    """What a variable holds after it was set again: the one or the other."""
    if old is None or old == new or is_plain(old):
        return new
    if is_plain(new):
        return old
    return Written((branches((pieces_of(old, site), pieces_of(new, site))),))


def paths(thing: Thing) -> Iterator[Path]:
    """The values that a thing is made of."""
    stack: list[Thing | Piece] = [thing]
    while stack:
        part = stack.pop()
        if isinstance(part, (Value, Read)):
            yield part.path
        elif isinstance(part, Root):
            yield part.values
        elif isinstance(part, Dict):
            stack += (value for _, value in part.entries)
        elif isinstance(part, Written):
            stack += part.pieces
        elif isinstance(part, Branches):
            stack += (piece for option in part.options for piece in option)
