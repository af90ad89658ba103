"""Terraform and OpenTofu: the resources that run containers, and the variables that feed them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from posixpath import dirname, normpath
from typing import NamedTuple

from boltseal.place import Found
from boltseal.source import Source, Tree, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats import hcl
from boltseal_rules.formats.hcl import Block
from boltseal_rules.hcl.images import (
    Definition,
    Scope,
    Spot,
    joined_names,
    local_values,
    spot_uses,
    variable_defaults,
)
from boltseal_rules.hcl.terraform_nested import nested_uses
from boltseal_rules.hcl.terraform_resources import NOT_PULLED, input_spots, made, resource_spots
from boltseal_rules.text_use import distinct

NAME = "terraform"
_MODULE = re.compile(r"\.(?:tf|tofu)$", re.IGNORECASE)
_INPUTS = re.compile(r"(?:^|/)terragrunt\.hcl$|\.tfvars$", re.IGNORECASE)
_MAX_NEIGHBOURS = 100
"""Files of one folder beyond which no more are read for what they define."""
_DECLARED = (
    ("docker_image",),
    ("docker_registry_image",),
    ("data", "docker_image"),
    ("data", "docker_registry_image"),
)


class _File(NamedTuple):
    source: Source
    root: Block


class _Folder(NamedTuple):
    tree: Tree
    path: str


class _Module(NamedTuple):
    """The files of one folder: what they define, and where they name images."""

    scope: Scope
    spots: tuple[Spot, ...]


def find(source: Source) -> Found | None:
    """The images of a file; None for a file of another name. Raises Unparsable for no HCL."""
    root = hcl.read(source)
    if _INPUTS.search(source.path):
        return Found(
            distinct(
                spot_uses(source, NAME, _given(source, root), Scope({}, not_pulled=NOT_PULLED))
            )
        )
    module = _around(source, root)
    uses: list[ImageUse] = [*spot_uses(source, NAME, module.spots, module.scope)]
    uses += nested_uses(source, NAME, root)
    return Found(distinct(uses))


def _given(source: Source, root: Block) -> Iterator[Spot]:
    """The inputs that a file gives to a module: those of Terragrunt stand in an object."""
    for name, value in root.attributes:
        yield from input_spots(Definition(source, name, value), name)


def _around(source: Source, root: Block) -> _Module:
    """The module of which a file is a part."""
    path = normpath(source.path)
    folder = _Folder(source.tree, dirname(path))
    files = _files(folder)
    if any(f.source.path == source.path and f.source.data == source.data for f in files):
        return _known(folder)
    others = (file for file in files if normpath(file.source.path) != path)
    return _module((_File(source, root), *others))


@lru_cache(maxsize=4)
def _known(folder: _Folder) -> _Module:
    return _module(_files(folder))


@lru_cache(maxsize=4)
def _files(folder: _Folder) -> tuple[_File, ...]:
    """The files of a folder that can be read."""
    tree, name = folder
    paths = tree.files(name or ".", lambda path: _is_neighbour(path, name))
    return tuple(_read(tree, paths[:_MAX_NEIGHBOURS]))


def _is_neighbour(path: str, folder: str) -> bool:
    return dirname(normpath(path)) == folder and _MODULE.search(path) is not None


def _read(tree: Tree, paths: Iterable[str]) -> Iterator[_File]:
    for path in paths:
        source = tree.read(path)
        try:
            if source is not None:
                yield _File(source, hcl.read(source))
        except Unparsable:
            continue  # It is reported where it is looked at itself.


def _module(files: tuple[_File, ...]) -> _Module:
    definitions: dict[tuple[str, ...], Definition] = {}
    for source, root in files:
        definitions.update(variable_defaults(source, root, "var"))
        definitions.update(local_values(source, root))
    joined = frozenset().union(*(joined_names(file.source.text) for file in files))
    built = frozenset(name for file in files for name in made(file.root))
    scope = Scope(definitions, joined, _DECLARED, built, NOT_PULLED)
    spots = (spot for file in files for spot in resource_spots(*file, scope))
    return _Module(scope, tuple(spots))
