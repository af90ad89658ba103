"""Paths into a YAML tree: ``spec.workers[*].image`` and its kin.

A path is keys with dots between them. ``*`` is any key, ``[*]`` every item of a list, ``**`` any
number of levels, and ``["a.b/c"]`` a key with dots in it. ``{repository,tag}`` may stand last: an
image whose parts stand under several keys of one mapping.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, join

_TOKEN = re.compile(
    r"(?P<items>\[\*\])"
    r"|\[(?P<quote>[\"'])(?P<quoted>[^\"']+)(?P=quote)\]"
    r"|(?P<dot>\.?)(?:(?P<deep>\*\*)|(?P<any>\*)|\{(?P<parts>[^{}]*)\}|(?P<key>[^.*\[\]{}\s\"']+))"
)


class Move(Enum):
    """One step of a path."""

    KEY = "key"
    ANY_KEY = "any key"
    ITEMS = "items"
    DEEP = "any number of levels"
    PARTS = "parts"


class Step(NamedTuple):
    """A move, and the keys that it names."""

    move: Move
    keys: tuple[str, ...] = ()


Path = tuple[Step, ...]


class PathError(ValueError):
    """Text that is no path: the message says why."""


class Hit(NamedTuple):
    """Where a path leads: the node there, or for parts the mapping that holds them.

    ``route`` is the way to it and ``key`` the last key on it, both as in the tree's own routes.
    """

    route: str
    key: str
    node: Node
    parts: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def compiled(text: str) -> Path:
    """The path that ``text`` is. Raises PathError."""
    steps: list[Step] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or (match["dot"] is not None and bool(match["dot"]) != bool(at)):
            raise PathError(f"{text!r}: cannot be read from {text[at:]!r} on")
        if steps and steps[-1].move is Move.PARTS:
            raise PathError(f"{text!r}: '{{…}}' must be its end")
        steps.append(_step(text, match))
        at = match.end()
    if not steps or steps[-1].move is Move.DEEP:
        raise PathError(f"{text!r}: it names no key at its end")
    return tuple(steps)


def _step(text: str, match: re.Match[str]) -> Step:
    if match["items"]:
        return Step(Move.ITEMS)
    if match["deep"]:
        return Step(Move.DEEP)
    if match["any"]:
        return Step(Move.ANY_KEY)
    if match["parts"] is None:
        return Step(Move.KEY, (match["quoted"] or match["key"],))
    parts = tuple(part.strip() for part in match["parts"].split(","))
    if len(parts) < 2 or not all(parts):
        raise PathError(f"{text!r}: '{{…}}' takes two or more keys, such as {{repository,tag}}")
    return Step(Move.PARTS, parts)


def find(path: Path, root: Node) -> Iterator[Hit]:
    """Where ``path`` leads from ``root``, in the order of the tree; each node once for each step."""
    seen: set[tuple[int, int]] = set()
    stack: list[tuple[Hit, int]] = [(Hit("", "", root), 0)]
    while stack:
        hit, index = stack.pop()
        if index == len(path):
            yield hit
            continue
        if isinstance(hit.node, Scalar) and path[index].move is not Move.DEEP:
            continue
        if (id(hit.node), index) in seen:
            continue
        seen.add((id(hit.node), index))
        stack += reversed(list(_moved(path[index], hit, index)))


def _moved(step: Step, hit: Hit, index: int) -> Iterator[tuple[Hit, int]]:
    """The nodes one step on, each with the index of the step to take there."""
    if step.move is Move.DEEP:
        yield hit, index + 1
        yield from ((below, index) for below in _below(hit))
    elif step.move is Move.PARTS:
        if isinstance(hit.node, Mapping):
            yield hit._replace(parts=step.keys), index + 1
    elif step.move is Move.ITEMS:
        if isinstance(hit.node, Sequence):
            yield from ((below, index + 1) for below in _below(hit))
    elif isinstance(hit.node, Mapping):
        for below in _below(hit):
            if step.move is Move.ANY_KEY or below.key == step.keys[0]:
                yield below, index + 1


def _below(hit: Hit) -> Iterator[Hit]:
    if isinstance(hit.node, Mapping):
        for key, value in hit.node.scalars():
            yield Hit(join(hit.route, key), key, value)
    elif isinstance(hit.node, Sequence):
        for position, item in enumerate(hit.node.items):
            yield Hit(f"{hit.route}[{position}]", hit.key, item)
