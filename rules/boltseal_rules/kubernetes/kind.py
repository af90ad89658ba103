"""The shape of a kind: Kubernetes objects of one project that name images in ways of their own."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from boltseal.place import Guide
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import IMAGE_KEY, Mapping, Scalar

NEEDLES = (
    b"image",
    b"Image",
    b"HelmRelease",
    b"argoproj.io",
    b"pkg.crossplane.io",
    b"policies.kubewarden.io",
    b"install.istio.io",
    b"extensions.istio.io",
    b"kubevirt.io",
    b"kserve.io",
    b"OCIRepository",
    b"sailoperator.io",
    b"tekton.dev",
    b"docker://",
    b"oci://",
    b"IMAGE",
)
"""What stands in every file with an object that names images, whatever its kind."""
NEEDS = re.compile("|".join((IMAGE_KEY.pattern, *(re.escape(n.decode()) for n in NEEDLES[4:]))))
"""The same for one document of a file."""


class ObjectType(NamedTuple):
    """What an object says it is: its API group ('' for the core), version and kind."""

    group: str
    version: str
    kind: str


class Kind(NamedTuple):
    """Objects of one project.

    ``matches`` tells by an object's type whether the module reads it; ``uses`` yields all of its
    images (``manifest.object_uses`` finds those in containers, for a kind that has these too). The
    name of the kind is passed in as the place of the uses.
    """

    name: str
    about: str
    matches: Callable[[ObjectType], bool]
    uses: Callable[[Source, str, Mapping], Iterable[ImageUse]]
    guide: Guide


def object_type(root: Mapping) -> ObjectType:
    """The type of an object. Parts that are missing are ''."""
    group, slash, version = _text(root, "apiVersion").rpartition("/")
    return ObjectType(group if slash else "", version, _text(root, "kind"))


def _text(root: Mapping, key: str) -> str:
    value = root.get(key)
    return value.value if isinstance(value, Scalar) else ""
