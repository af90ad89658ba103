"""What a place or a kind says of itself: ``docs/places.md`` is made from it."""

from typing import NamedTuple

from boltseal.example import Example


class Peers(NamedTuple):
    """What other tools do in the same files, each in a few words; ``docs/places.md`` names versions."""

    renovate: str = "no"
    dependabot: str = "no"
    ratchet: str = "no"
    frizbee: str = "no"
    pindock: str = "no"
    zizmor: str = "no"


class Guide(NamedTuple):
    """The words about a place, and examples, which the tests hold.

    ``about`` is one line. ``finds`` names each thing in the file that is a use, ``passes_over`` what
    looks like one and is none. ``rewrites`` says in one sentence what a fix changes.
    """

    about: str
    finds: tuple[str, ...]
    rewrites: str
    passes_over: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    peers: Peers = Peers()
