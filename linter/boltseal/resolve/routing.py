"""Where a reference is asked for when the user's container tools are told to look elsewhere.

The matching and the rewriting are those of containers-registries.conf(5).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from boltseal.printable import brief
from boltseal.reference import ImageReference, parse
from boltseal.resolve.namespace import folded, is_wildcard, rest
from boltseal.resolve.outcome import Unresolved


class Pull(StrEnum):
    """Which references a mirror is for."""

    ALL = "all"
    DIGEST_ONLY = "digest-only"
    TAG_ONLY = "tag-only"


class Mirror(NamedTuple):
    """A ``[[registry.mirror]]``: ``location`` takes the place of the prefix of its registry."""

    location: str
    insecure: bool = False
    pull: Pull = Pull.ALL


class Namespace(NamedTuple):
    """A ``[[registry]]``: what holds for every image whose name starts with ``prefix``.

    ``location`` takes the place of the prefix; '' leaves names as they are. ``source`` names the
    file and is safe to print.
    """

    prefix: str
    source: str
    location: str = ""
    blocked: bool = False
    insecure: bool = False
    mirrors: tuple[Mirror, ...] = ()


class Endpoint(NamedTuple):
    """One place to ask: the reference as it is called there, and whether TLS may be done without.

    ``mirrored`` is the registry whose images a mirror is asked for; '' at the origin.
    """

    reference: ImageReference
    insecure: bool = False
    mirrored: str = ""


class Route(NamedTuple):
    """Where to ask for a reference: its origin, the mirrors that may be asked for it, in order.

    ``source`` names the file that says so; '' when none does.
    """

    origin: Endpoint
    mirrors: tuple[Endpoint, ...] = ()
    source: str = ""


def route(
    reference: ImageReference, namespaces: Sequence[Namespace], *, by_digest: bool
) -> Route | Unresolved:
    """The route of a reference by the namespace with the longest prefix.

    In: the reference, the namespaces, and whether its digest is asked for, or what its tag is now.
    Out: the route, or why there is none: the reference is blocked, or the location makes no name.
    """
    name = folded(reference.canonical)
    matches = [space for space in namespaces if rest(space.prefix, name) is not None]
    if not matches:
        return Route(Endpoint(reference))
    space = max(matches, key=lambda it: (len(it.prefix), not is_wildcard(it.prefix)))
    if space.blocked:
        return Unresolved(
            f"'{brief(space.prefix)}' is blocked by {space.source}",
            "use another registry, or ask whoever wrote that file",
        )
    places = [Mirror(space.location, space.insecure)]
    places += [mirror for mirror in space.mirrors if _is_for(mirror, by_digest=by_digest)]
    endpoints: list[Endpoint] = []
    for place in places:
        moved = _moved(reference, rest(space.prefix, name) or "", place.location)
        if moved is None:
            return Unresolved(
                f"the location '{brief(place.location)}' in {space.source} makes no image name of it",
                "mend the location: it takes the place of the prefix",
            )
        mirrored = reference.registry if endpoints else ""
        endpoints.append(Endpoint(moved, place.insecure, mirrored))
    return Route(endpoints[0], tuple(endpoints[1:]), space.source)


def _is_for(mirror: Mirror, *, by_digest: bool) -> bool:
    if mirror.pull is Pull.ALL:
        return True
    return (mirror.pull is Pull.DIGEST_ONLY) == by_digest


def _moved(reference: ImageReference, after: str, location: str) -> ImageReference | None:
    """The reference at a location; None when that is no full name, with a host."""
    if not location:
        return reference
    moved = parse(location + after)
    if not isinstance(moved, ImageReference) or folded(moved.canonical) != location + after:
        return None
    return moved
