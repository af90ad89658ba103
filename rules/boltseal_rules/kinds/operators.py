"""Objects of widely used operators: keys of their own that name images, read off a table."""

from collections.abc import Iterable

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping
from boltseal_rules.kubernetes.kind import Kind, ObjectType, object_type
from boltseal_rules.kubernetes.manifest import object_uses
from boltseal_rules.kubernetes.operator_paths import operator_paths
from boltseal_rules.kubernetes.path_uses import refined


def _matches(found: ObjectType) -> bool:
    return operator_paths(found) is not None


def _uses(source: Source, place: str, root: Mapping) -> Iterable[ImageUse]:
    found = object_uses(source, place, root)
    paths = operator_paths(object_type(root))
    return refined(source, place, root, found, paths) if paths else found


KIND = Kind("operators", _uses, _matches)
