"""Containers whose image OpenShift fills in from an image stream, whatever stands there.

https://docs.openshift.com/container-platform/latest/openshift_images/triggering-updates-on-imagestream-changes.html
"""

from collections.abc import Iterable, Iterator

from boltseal.pattern import pattern
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence

_ANNOTATION = "image.openshift.io/triggers"
_BY_NAME = pattern(r"\[\?\(@\.name==\\*[\"'](?P<name>[^\"'\\]+)\\*[\"']\)\]\.image")
_POD = "spec", "template", "spec"
_TRIGGERED = Opaque(
    "a trigger fills it in from an image stream", "boltseal judges the image stream", True
)


def triggered(root: Mapping, uses: Iterable[ImageUse]) -> Iterable[ImageUse]:
    """The uses of an object; those that a trigger replaces are judged at their image stream."""
    names = {*_by_trigger(root), *_by_annotation(root)}
    if not names:
        return uses
    filled = frozenset(_routes(root, names))
    return [
        use._replace(reference=None, spelling=_TRIGGERED) if use.route in filled else use
        for use in uses
    ]


def below(node: Node | None, *keys: str) -> Node | None:
    """What a way of keys leads to; None where it leads nowhere."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _by_trigger(root: Mapping) -> Iterator[str]:
    for trigger in _items(below(root, "spec", "triggers")):
        for name in _items(below(trigger, "imageChangeParams", "containerNames")):
            if isinstance(name, Scalar):
                yield name.value


def _by_annotation(root: Mapping) -> Iterator[str]:
    text = below(root, "metadata", "annotations", _ANNOTATION)
    if isinstance(text, Scalar):
        yield from (match["name"] for match in _BY_NAME.finditer(text.value))


def _routes(root: Mapping, names: set[str]) -> Iterator[str]:
    for key in ("containers", "initContainers"):
        for index, container in enumerate(_items(below(root, *_POD, key))):
            name = below(container, "name")
            if isinstance(name, Scalar) and name.value in names:
                yield f"{'.'.join(_POD)}.{key}[{index}].image"


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
