"""One Kubernetes object: its kind's own way of naming images, or those in containers."""

from collections.abc import Iterable

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping
from boltseal_rules.kinds import kind_of
from boltseal_rules.kubernetes.image_streams import triggered
from boltseal_rules.kubernetes.kind import object_type
from boltseal_rules.kubernetes.manifest import object_uses


def uses_of(source: Source, place: str, root: Mapping) -> Iterable[ImageUse]:
    """The images of one object; ``place`` is that of those which no kind of its own names."""
    kind = kind_of(object_type(root))
    if kind:
        return kind.uses(source, kind.name, root)
    return triggered(root, object_uses(source, place, root))
