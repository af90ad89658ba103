"""Patches that a kustomization carries in its own text: parts of objects, or single operations.

A strategic merge patch is a part of an object; a JSON patch (RFC 6902) is a list of operations with
a path and a value.
"""

import re
from collections.abc import Iterator

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.embedded_yaml import embedded_uses
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, join
from boltseal_rules.kubernetes.manifest import object_uses
from boltseal_rules.kubernetes.objects import uses_of
from boltseal_rules.literal import scalar_use

_WRITES = ("add", "replace")
_INDEX = re.compile(r"\d+|-")


def inline_patches(
    source: Source, place: str, holder: Mapping, route: str = ""
) -> Iterator[ImageUse]:
    """The images in the patches of ``holder``, which ``route`` leads to; files are passed over.

    Raises Unparsable at a patch that is no YAML.
    """
    for key in ("patches", "patchesJson6902"):
        for index, patch in enumerate(_items(holder.get(key))):
            text = patch.get("patch") if isinstance(patch, Mapping) else None
            yield from _patch(source, place, text, join(route, f"{key}[{index}].patch"))
    key = "patchesStrategicMerge"
    for index, patch in enumerate(_items(holder.get(key))):
        yield from _patch(source, place, patch, join(route, f"{key}[{index}]"))


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _patch(source: Source, place: str, node: Node | None, route: str) -> Iterator[ImageUse]:
    if not isinstance(node, Scalar):
        for use in patch_uses(source, place, node) if node is not None else ():
            yield use._replace(route=join(route, use.route))
    elif "\n" in node.value or "{" in node.value:  # else the path of a file
        yield from embedded_uses(source, place, route, node, patch_uses)


def patch_uses(source: Source, place: str, root: Node) -> Iterator[ImageUse]:
    """The images that one patch writes."""
    if isinstance(root, Mapping):
        yield from uses_of(source, place, root)
    for index, operation in enumerate(_items(root)):
        if isinstance(operation, Mapping):
            yield from _written(source, place, operation, f"[{index}].value")


def is_json_patch(root: Node | None) -> bool:
    """Whether a document is a list of operations and nothing else."""
    return bool(_items(root)) and all(
        isinstance(item, Mapping)
        and all(isinstance(item.get(key), Scalar) for key in ("op", "path"))
        for item in _items(root)
    )


def _written(source: Source, place: str, operation: Mapping, route: str) -> Iterator[ImageUse]:
    """What an operation writes; a ``test`` only compares."""
    verb, path, value = (operation.get(key) for key in ("op", "path", "value"))
    if not isinstance(verb, Scalar) or verb.value not in _WRITES:
        return
    where = path.value if isinstance(path, Scalar) else ""
    if isinstance(value, Scalar):
        named = where.endswith("/image") and _is_image(where, value.value.strip())
        use = scalar_use(source, place, route, value) if named else None
        if use:
            yield use
    elif value is not None:
        for use in object_uses(source, place, _under(where, value)):
            yield use._replace(route=join(route, use.route))


def _is_image(path: str, text: str) -> bool:
    """Away from containers a bare word is too little: it may name a machine's image."""
    return "ontainers/" in path or ":" in text or "/" in text or "$" in text


def _under(path: str, value: Node) -> Mapping:
    """A value below the key that its path ends with; an item of a list in a list of its own."""
    *above, last = path.split("/")
    if _INDEX.fullmatch(last):
        value, last = Sequence((value,), value.start), above[-1] if above else ""
    return Mapping(
        ((Scalar(last, value.start, value.start, "", tagged=False), value),), value.start
    )
