"""The shape of a kind: Kubernetes objects of one project that name images in ways of their own."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import IMAGE_KEY, Mapping, Scalar
from boltseal_rules.signs import KUBERNETES

NEEDS = (*IMAGE_KEY, *(needle.decode() for needle in KUBERNETES[4:]))
"""What stands in every document with an object that names images, whatever its kind."""


class ObjectType(NamedTuple):
    """What an object says it is: its API group ('' for the core), version and kind."""

    group: str
    version: str
    kind: str


class Kind(NamedTuple):
    """Objects of one project.

    ``uses`` yields all images of an object (``manifest.object_uses`` finds those in containers, for
    a kind that has these too). The name of the kind is passed in as the place of the uses.
    ``matches`` tells by an object's type whether the module reads it, where the groups and kinds in
    ``kinds/__init__.py`` do not say it all.
    """

    name: str
    uses: Callable[[Source, str, Mapping], Iterable[ImageUse]]
    matches: Callable[[ObjectType], bool] = lambda _: True


def object_type(root: Mapping) -> ObjectType:
    """The type of an object. Parts that are missing are ''."""
    group, slash, version = _text(root, "apiVersion").rpartition("/")
    return ObjectType(group if slash else "", version, _text(root, "kind"))


def _text(root: Mapping, key: str) -> str:
    value = root.get(key)
    return value.value if isinstance(value, Scalar) else ""
