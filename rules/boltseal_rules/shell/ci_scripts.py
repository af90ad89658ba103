"""Shell text in the YAML of CI services: under which keys each of them has it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.source import Source
from boltseal_rules.formats.yaml_tree import Node, Scalar, Sequence, documents, join, sites

_SERVICES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/(?:workflows|actions)/.+\.ya?ml$"),
        frozenset({"run"}),
    ),
    (re.compile(r"(?:^|/)action\.ya?ml$"), frozenset({"run"})),
    (
        re.compile(r"(?:^|[/.])gitlab-ci[^/]*\.ya?ml$|(?:^|/)\.gitlab/.+\.ya?ml$"),
        frozenset({"script", "before_script", "after_script"}),
    ),
    (re.compile(r"(?:^|/)\.circleci/[^/]+\.ya?ml$"), frozenset({"run", "command"})),
    (
        re.compile(r"(?:^|/)[^/]*azure-pipelines?[^/]*(?:/.+)?\.ya?ml$"),
        frozenset({"script", "bash"}),
    ),
    (re.compile(r"(?:^|/)\.(?:drone|woodpecker)[^/]*(?:/.+)?\.ya?ml$"), frozenset({"commands"})),
    (
        re.compile(r"(?:^|/)\.travis\.ya?ml$"),
        frozenset({"script", "install", "before_install", "before_script", "after_success"}),
    ),
)


class Piece(NamedTuple):
    """One text of commands, with the way to it."""

    route: str
    scalar: Scalar


def keys_of(path: str) -> frozenset[str]:
    """The keys under which the file at ``path`` has commands; none if it is of no known service."""
    return next((keys for name, keys in _SERVICES if name.search(path)), frozenset())


def pieces(source: Source, keys: frozenset[str]) -> Iterator[Piece]:
    """The commands of a file. What cannot be read as YAML has none. Raises Unparsable."""
    for document in documents(source, None):
        for site in sites(document.root):
            for key, value in site.mapping.scalars():
                if key in keys:
                    yield from _texts(join(site.route, key), value)


def built(source: Source) -> Iterator[str]:
    """The names that steps of a workflow give to what they build: ``tags`` of a build action."""
    for document in documents(source, None):
        for site in sites(document.root):
            tags = site.mapping.get("tags") if site.key == "with" else None
            if isinstance(tags, Scalar):
                yield from re.split(r"[\s,]+", tags.value.strip())


def _texts(route: str, value: Node) -> Iterator[Piece]:
    if isinstance(value, Scalar):
        yield Piece(route, value)
    elif isinstance(value, Sequence):
        for index, item in enumerate(value.items):
            if isinstance(item, Scalar):
                yield Piece(f"{route}[{index}]", item)
