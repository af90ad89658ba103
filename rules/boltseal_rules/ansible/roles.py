"""What the files of one Ansible role say to each other: variables, and where they name images."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Map
from functools import lru_cache
from typing import NamedTuple

from boltseal.source import Source, Tree, Unparsable
from boltseal_rules.ansible.modules import image_scalars, names_module
from boltseal_rules.formats import jinja
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, documents

_YAML = re.compile(r"\.ya?ml$")
_TEMPLATE = re.compile(r"\.(?:j2|jinja2?)$")
_FOLDER = re.compile(r"(?:^|/)(?:tasks|handlers|defaults|vars)/")
# Templates of Compose files, manifests and units.
_READ = re.compile(
    r"(?:[iI]mage[\"']?:|^Image=)[ \t]*[\"']?(\{\{[^{}\n]*\}\})[\"']?[ \t]*\r?$", re.MULTILINE
)
_MAX_FILES = 200
_MAX_CHAIN = 8


class Variable(NamedTuple):
    """A variable of a role: the text it is set to, and where."""

    text: str
    source: Source
    scalar: Scalar


class Role(NamedTuple):
    """A role: its variables, and those that are the whole of an image somewhere in it."""

    variables: Map[str, Variable]
    images: frozenset[str]

    @property
    def values(self) -> dict[str, str]:
        """The variables with their texts."""
        return {name: variable.text for name, variable in self.variables.items()}


NO_ROLE = Role({}, frozenset())


def is_variables(path: str) -> bool:
    """Whether a file of variables is at ``path``: below ``defaults`` or ``vars``."""
    folders = list(_FOLDER.finditer(path))
    return bool(folders) and folders[-1][0].strip("/") in ("defaults", "vars")


def role_of(source: Source) -> Role:
    """The role that a file is a part of, by the folder it stands in; an empty one if by none."""
    matches = list(_FOLDER.finditer(source.path))
    if not matches:
        return NO_ROLE
    return _read(source.tree, source.path[: matches[-1].start()])


@lru_cache(maxsize=4)
def _read(tree: Tree, folder: str) -> Role:
    variables: dict[str, Variable] = {}
    for part in ("defaults", "vars"):
        for file in _files(tree, folder, part, _YAML):
            for root in _roots(file):
                variables |= dict(_variables(file, root))
    images: set[str] = set()
    for part in ("tasks", "handlers"):
        for file in _files(tree, folder, part, _YAML):
            for root in _roots(file) if names_module(file) else ():
                images |= set(_read_names(root))
    for file in _files(tree, folder, "templates", _TEMPLATE):
        images |= {name for m in _READ.finditer(_text(file)) if (name := jinja.variable(m[1]))}
    return Role(variables, frozenset(_through(images, variables)))


def _files(tree: Tree, folder: str, part: str, wants: re.Pattern[str]) -> Iterator[Source]:
    below = f"{folder}/{part}" if folder else part
    for path in tree.files(below, lambda path: wants.search(path) is not None)[:_MAX_FILES]:
        file = tree.read(path)
        if file is not None:
            yield file


def _roots(file: Source) -> list[Node]:
    try:
        return [d.root for d in documents(file, None) if d.root is not None]
    except Unparsable:
        return []


def _text(file: Source) -> str:
    try:
        return file.text
    except Unparsable:
        return ""


def _variables(file: Source, root: Node) -> Iterator[tuple[str, Variable]]:
    for name, value in root.scalars() if isinstance(root, Mapping) else ():
        if isinstance(value, Scalar):
            yield name, Variable(value.value.strip(), file, value)


def _read_names(root: Node) -> Iterator[str]:
    """The variables that are the whole of an image in a list of tasks."""
    for found in image_scalars(root):
        name = jinja.variable(found.scalar.value) if found.tag is None else None
        if name:
            yield name


def _through(images: set[str], variables: Map[str, Variable]) -> set[str]:
    """The variables with those that are the whole of them in turn."""
    known = set(images)
    for _ in range(_MAX_CHAIN):
        texts = [variables[name].text for name in known if name in variables]
        more = {name for text in texts if (name := jinja.variable(text))} - known
        if not more:
            break
        known |= more
    return known
