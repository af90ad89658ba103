"""The shape of a place: one file format in which images are named."""

from collections.abc import Callable
from typing import NamedTuple

from boltseal.example import Example
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse


class Found(NamedTuple):
    """What a file holds: its uses in order of their spans, and the parts that could not be read."""

    uses: tuple[ImageUse, ...] = ()
    problems: tuple[Unparsable, ...] = ()


class Peers(NamedTuple):
    """What other tools do in the same files, each in a few words; ``docs/places.md`` names versions."""

    renovate: str = "no"
    dependabot: str = "no"
    ratchet: str = "no"
    frizbee: str = "no"
    pindock: str = "no"
    zizmor: str = "no"


class Guide(NamedTuple):
    """What a place says of itself; ``docs/places.md`` is made from it and tests hold the examples.

    ``finds`` names each thing in the file that is a use, ``passes_over`` what looks like one and
    is none. ``rewrites`` says in one sentence what a fix changes.
    """

    finds: tuple[str, ...]
    rewrites: str
    passes_over: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    peers: Peers = Peers()


class Place(NamedTuple):
    """One format.

    ``claims`` tells by a file's path alone (with '/' between folders) whether it may be of this
    format; ``needles`` are byte strings of which every file that holds a use contains at least
    one. ``find`` reads the file: what it holds, or None where the content shows another format, so
    that the next place is asked. It raises Unparsable for a file that is of the format and cannot
    be understood at all. ``about`` is one line for people.

    A place that is ``opt_in`` is asked only when the user names it, and then besides the place
    that keeps the file.
    """

    name: str
    about: str
    claims: Callable[[str], bool]
    needles: tuple[bytes, ...]
    find: Callable[[Source], Found | None]
    guide: Guide | None = None
    opt_in: bool = False
