"""Images in Kubernetes objects, wherever a container-shaped mapping stands in them."""

import re
from collections.abc import Iterator

from boltseal.pattern import pattern
from boltseal.reference import InvalidReference, parse
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, Site, join, sites
from boltseal_rules.image_keys import is_image_key, shared_parts, split_use, taken
from boltseal_rules.kubernetes.kind import object_type
from boltseal_rules.literal import scalar_use, templated_text
from boltseal_rules.text_use import distinct

# Keys under which no container is asked for: free text, names that are compared, what runs now.
_TEXT_ONLY = frozenset(
    {
        "metadata",
        "labels",
        "annotations",
        "matchLabels",
        "nodeSelector",
        "data",
        "stringData",
        "binaryData",
        "status",
    }
)
# Kinds without containers of their own: data, schemas, and names that are watched for new tags.
_OTHER_KINDS = frozenset(
    {"ConfigMap", "Secret", "CustomResourceDefinition", "ImageRepository", "ImagePolicy"}
)
_OTHER_GROUPS = ("skaffold/",)
_CONTAINER_LISTS = frozenset(
    {
        "containers",
        "initContainers",
        "ephemeralContainers",
        "sidecars",
        "steps",
        "stepTemplate",
        "container",
        "script",
        "sidecar",
        "initContainer",
        "containerSet",
        "containerTemplate",
    }
)
_CONTAINER_KEYS = frozenset(
    {
        "args",
        "command",
        "env",
        "envFrom",
        "imagePullPolicy",
        "imagePullSecrets",
        "lifecycle",
        "livenessProbe",
        "ports",
        "pullPolicy",
        "readinessProbe",
        "resources",
        "securityContext",
        "startupProbe",
        "terminationMessagePath",
        "terminationMessagePolicy",
        "volumeMounts",
        "volumeDevices",
        "workingDir",
    }
)
_BLOCK_DEVICE_KEYS = frozenset({"monitors", "pool", "fsType", "keyring"})
# A block device, and the name that a build gives to what it makes.
_NOT_PULLED = frozenset({"rbd", "output"})
# What Istio's injector replaces by the proxy's image, and what is the base of builds alone.
_NO_IMAGE = frozenset({"auto", "scratch"})
# What away from containers is no image: files, icons, disks of clouds.
_OTHER_THING = pattern(
    r"(?i:\.(?:png|jpe?g|gif|svg|ico|iso|img|qcow2|vmdk|raw|ova|tar|gz|xz)$"
    r"|^(?:mdi|fa[a-z]?|hass|si|material|icon):)|^projects/|/images/"
)
# By this prefix operators tell their bundle's images from other variables (the OLM's convention).
_RELATED = "RELATED_IMAGE_"
_PATTERN = re.compile(r"[*|!?]|^\s*\(")


def is_object(node: Node | None) -> bool:
    """Whether a document is a Kubernetes object: it says its version and its kind."""
    return isinstance(node, Mapping) and bool(_scalar(node, "apiVersion") and _scalar(node, "kind"))


def object_uses(source: Source, place: str, root: Node | None) -> list[ImageUse]:
    """The images that one object names, and those of the objects in it."""
    found = [(site, _parts(source, place, site)) for site in _object_sites(root)]
    strings = (use for site, parts in found if not parts for use in _strings(source, place, site))
    shared = shared_parts(source, (site.mapping for site, parts in found if parts))
    return [*(parts for _, parts in found if parts), *distinct(strings, shared)]


def _object_sites(root: Node | None) -> Iterator[Site]:
    """The mappings in which an object, or one of a list of objects, may name images."""
    for route, item in objects(root) if isinstance(root, Mapping) else ():
        if not _is_other(item):
            for site in sites(item, skip=_TEXT_ONLY):
                yield _moved(site, route) if route else site


def _moved(site: Site, route: str) -> Site:
    return site._replace(route=join(route, site.route) if site.route else route)


def objects(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    """The objects that a document is made of, each with the way to it, and once for all aliases."""
    seen: set[int] = set()
    stack: list[tuple[str, Mapping]] = [("", root)]
    while stack:
        route, item = stack.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        held = _held(item)
        if held is None:
            yield route, item
            continue
        key, node = held
        items = enumerate(node.items if isinstance(node, Sequence) else ())
        below = [(f"{join(route, key)}[{i}]", it) for i, it in items if isinstance(it, Mapping)]
        stack += reversed(below)


def _held(root: Mapping) -> tuple[str, Node | None] | None:
    """The list of objects in one that is nothing but their wrapping, and the way to it."""
    found = object_type(root)
    if found.kind == "List":
        return "items", root.get("items")
    if found.kind == "Template" and found.group in ("", "template.openshift.io"):
        return "objects", root.get("objects")
    if found.kind == "TriggerTemplate" and found.group == "triggers.tekton.dev":
        spec = root.get("spec")
        key = "resourcetemplates"
        return join("spec", key), spec.get(key) if isinstance(spec, Mapping) else None
    return None


def _parts(source: Source, place: str, site: Site) -> ImageUse | None:
    """The image that a mapping spreads over keys."""
    if is_image_key(site.key) or taken(site.mapping):
        return split_use(source, place, site)
    return None


def _strings(source: Source, place: str, site: Site) -> Iterator[ImageUse]:
    """The images that a mapping names by one string each."""
    if site.key == "env":
        yield from _related(source, place, site)
    keys = set(site.mapping.keys())
    for key in ("image", "reference") if site.key == "image" else ("image",):
        for scalar in site.mapping.all(key) if key in keys else ():
            if isinstance(scalar, Scalar) and _names_image(source, site, keys, scalar):
                use = scalar_use(source, place, join(site.route, key), scalar)
                if use:
                    yield use


def _related(source: Source, place: str, site: Site) -> Iterator[ImageUse]:
    """The image that a container of an operator is told of by a variable."""
    value = site.mapping.get("value")
    if isinstance(value, Scalar) and _scalar(site.mapping, "name").startswith(_RELATED):
        use = scalar_use(source, place, join(site.route, "value"), value)
        if use:
            yield use


def _names_image(source: Source, site: Site, keys: set[str], scalar: Scalar) -> bool:
    text = scalar.value.strip()
    if (
        not scalar.is_text
        or not text
        or (_PATTERN.search(text) and templated_text(source, scalar) is None)
    ):
        return False
    if keys & _BLOCK_DEVICE_KEYS or site.key in _NOT_PULLED or text in _NO_IMAGE:
        return False
    if site.key in _CONTAINER_LISTS or keys & _CONTAINER_KEYS:
        return True
    return _looks_like_reference(text)


def _looks_like_reference(text: str) -> bool:
    """Away from containers a bare word is too little: it may name a disk, a picture, a machine."""
    if "{{" in text or "$" in text:
        return True
    if _OTHER_THING.search(text):
        return False
    reference = parse(text)
    if isinstance(reference, InvalidReference):
        return False
    return reference.tag is not None or reference.is_pinned or "/" in text


def _is_other(root: Mapping) -> bool:
    return _scalar(root, "kind") in _OTHER_KINDS or _scalar(root, "apiVersion").startswith(
        _OTHER_GROUPS
    )


def _scalar(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.value if isinstance(value, Scalar) else ""
