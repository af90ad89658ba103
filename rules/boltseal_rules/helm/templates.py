"""The templates of a chart by name; a file is parsed when one of its templates is asked for."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from boltseal.source import Source
from boltseal_rules.formats.go_template import Block, Const, Malformed, Node, definitions, parse


class Body(NamedTuple):
    """What a template holds, and the file in which it stands."""

    name: str
    source: Source
    nodes: tuple[Node, ...]


class Passage(NamedTuple):
    """A template's name and text; that of a file is what stands around those that it defines."""

    name: str
    text: str


class Templates:
    """Every template of a chart: the files by their path, and what they define by its name."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.files = tuple(sources)
        self.passages: list[Passage] = []
        self._files = {source.path: source for source in sources}
        self._defining: dict[str, list[Source]] = {}
        self._nodes: dict[str, tuple[Node, ...] | None] = {}
        self._defined: dict[str, dict[str, tuple[Node, ...]]] = {}
        for source in sources:
            file, *others = _passages(source)
            self.passages += (file, *others)
            self._defining.setdefault(file.name, [])
            for passage in others:
                self._defining.setdefault(passage.name, []).append(source)

    def nodes(self, source: Source) -> tuple[Node, ...] | None:
        """What a file holds; None where it cannot be parsed."""
        if source.path not in self._nodes:
            self._nodes[source.path] = _parsed(source)
        return self._nodes[source.path]

    def body(self, name: str) -> Body | None:
        """The template of a name: the one that is defined last. None where there is none."""
        for source in reversed(self._defining.get(name, ())):
            nodes = self._defines_of(source).get(name)
            if nodes is not None:
                return Body(name, source, nodes)
        file = self._files.get(name)
        return Body(name, file, self.nodes(file) or ()) if file else None

    def like(self, pattern: re.Pattern[str]) -> list[Body]:
        """The templates whose names a pattern matches."""
        names = (name for name in self._defining if pattern.fullmatch(name))
        return [body for body in map(self.body, names) if body]

    def _defines_of(self, source: Source) -> dict[str, tuple[Node, ...]]:
        if source.path not in self._defined:
            self._defined[source.path] = dict(_defined(self.nodes(source) or ()))
        return self._defined[source.path]


def _parsed(source: Source) -> tuple[Node, ...] | None:
    try:
        return parse(source.text)
    except Malformed:
        return None


def _defined(nodes: tuple[Node, ...]) -> Iterator[tuple[str, tuple[Node, ...]]]:
    """The templates that nodes define, from the last to the first."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if not isinstance(node, Block):
            continue
        if node.keyword in ("define", "block"):
            name = next(iter(node.pipe.calls[0].arguments), None)
            if isinstance(name, Const):
                yield name.text, node.body
        stack += (*node.body, *node.other)


def _passages(source: Source) -> list[Passage]:
    """The file's own passage, then those of what it defines, from the last to the first."""
    text = source.text
    if "define" not in text and "block" not in text:
        return [Passage(source.path, text)]
    try:
        found = sorted(definitions(text), key=lambda it: it.start, reverse=True)
    except Malformed:
        return [Passage(source.path, text)]
    around: list[str] = []
    at = len(text)
    for it in found:
        if it.in_place:
            continue
        if it.end <= at:
            around.append(text[it.end : at])
        at = it.start
    around.append(text[:at])
    return [
        Passage(source.path, "".join(reversed(around))),
        *(Passage(it.name, text[it.start : it.end]) for it in found),
    ]
