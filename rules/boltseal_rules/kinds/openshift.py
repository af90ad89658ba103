"""OpenShift: image streams, builds, and deployments whose images a trigger fills in.

The API is that of https://docs.openshift.com/container-platform/latest/openshift_images/: a
reference of the kind ``DockerImage`` is pulled from a registry, those of other kinds lead to an
image stream.
"""

import re
from collections.abc import Iterator

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.embedded import embedded_dockerfile
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, join, sites
from boltseal_rules.kubernetes.image_streams import below, triggered
from boltseal_rules.kubernetes.kind import Kind
from boltseal_rules.kubernetes.manifest import object_uses
from boltseal_rules.literal import scalar_use
from boltseal_rules.text_use import distinct

# The group has no name in files of OpenShift 3.
_NO_TEXT = frozenset({"annotations", "labels", "status", "output"})
_FROM = re.compile(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(?P<image>\S+)", re.IGNORECASE | re.MULTILINE)


def _uses(source: Source, place: str, root: Mapping) -> tuple[ImageUse, ...]:
    uses = [*triggered(root, object_uses(source, place, root))]
    uses += _imported(source, place, root)
    uses += _built(source, place, root)
    return distinct(uses)


def _imported(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    """What is named by its kind to be pulled from a registry."""
    for site in sites(root, skip=_NO_TEXT):
        name = site.mapping.get("name")
        if _text(site.mapping, "kind") == "DockerImage" and isinstance(name, Scalar):
            use = scalar_use(source, place, join(site.route, "name"), name)
            if use:
                yield use


def _built(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    """The images of a build's own Dockerfile; a base that the build names replaces its last one."""
    dockerfile = below(root, "spec", "source", "dockerfile")
    if not isinstance(dockerfile, Scalar):
        return
    replaced = below(root, "spec", "strategy", "dockerStrategy", "from") is not None
    last = [match["image"] for match in _FROM.finditer(dockerfile.value)][-1:] if replaced else []
    for use in embedded_dockerfile(source, place, "spec.source.dockerfile", dockerfile):
        if use.text not in last:
            yield use


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.value.strip() if isinstance(value, Scalar) else ""


KIND = Kind(
    "openshift",
    _uses,
)
