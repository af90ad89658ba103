"""What would be found if nothing were skipped unread: the one module that knows every prefilter.

A prefilter tells from the bytes of a file, or of one document in it, that it need not be parsed.
Each is switched off by its name, so that one that is renamed fails here and does not stay on.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

import pytest

from boltseal import engine
from boltseal.place import Found, Place
from boltseal.source import Source, Unparsable
from boltseal_rules import signs
from boltseal_rules.formats import yaml_stream, yaml_tree
from boltseal_rules.python import prefilter


class Seen(NamedTuple):
    """A use as it is compared: where it stands and what it says, not what a fix would do to it."""

    path: str
    place: str
    route: str
    text: str
    start: int
    end: int


class Compared(NamedTuple):
    """Two readings: how many uses there are in all, and which of them the prefilters dropped."""

    uses: int
    dropped: tuple[Seen, ...]


def compared(places: tuple[Place, ...], sources: Sequence[Source]) -> Compared:
    """Files as each place reads them that claims them, beside a reading in which nothing is skipped.

    All of these places are asked, whichever would keep a file: nobody hides what another drops.
    """
    usual = Counter(_seen(places, sources))
    with everything_read():
        full = Counter(_seen(places, sources))
    return Compared(full.total(), tuple((full - usual).elements()))


@contextmanager
def everything_read() -> Iterator[None]:
    """Switch every prefilter off, and forget what was read with them, now and at the end."""
    found = yaml_tree._Stream._found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_may_hold", lambda _place, _source: True)
        patch.setattr(
            signs, "shows", lambda sign, source: signs.is_claimed(sign, source.path) or sign.opt_in
        )
        patch.setattr(yaml_tree._Stream, "_found", lambda stream, _needs: found(stream, None))
        patch.setattr(yaml_stream, "_is_schema", lambda _chunk: False)
        patch.setattr(prefilter, "may_hold", lambda _tree, _names: True)
        patch.setattr(import_module("boltseal_rules.places.python"), "relevant", _whole)
        _forget()
        yield
    _forget()


def _whole(text: str, *_: object) -> str:
    return text


def _forget() -> None:
    """Empty every cache of the knowledge: an answer in it was given under the other rules."""
    for name, module in list(sys.modules.items()):
        if name.startswith("boltseal_rules."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _seen(places: tuple[Place, ...], sources: Iterable[Source]) -> Iterator[Seen]:
    for source in sources:
        for place in places:
            if not place.claims(source.path) or not engine._may_hold(place, source):
                continue
            try:
                found = place.find(source) or Found()
            except Unparsable:
                continue
            for use in found.uses:
                yield Seen(
                    source.path, use.place, use.route, use.text, use.span.start, use.span.end
                )
