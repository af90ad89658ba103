"""The modules of Ansible that pull or run images, and which of their arguments name them.

By the documentation of the collections community.docker, containers.podman and kubernetes.core.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.source import Source
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, join, sites

_COLLECTION = re.compile(
    r"(?:community\.(?:docker|general|kubernetes|okd|aws)|containers\.podman|kubernetes\.core"
    r"|redhat\.openshift|amazon\.aws|azure\.azcollection|ansible\.(?:builtin|legacy))\."
)
_IMAGE = {
    "docker_container": "image",
    "docker_swarm_service": "image",
    "podman_container": "image",
    "podman_pod": "infra_image",
}
_CONTAINERS = {
    "podman_containers": "containers",
    "ecs_taskdefinition": "containers",
    "azure_rm_containerinstance": "containers",
}
_NAMED = frozenset({"docker_image", "docker_image_pull", "podman_image"})
_BUILDS = "docker_image_build"
_MADE = frozenset({"build", "local", "load"})
_COMPOSE = {"docker_compose": "definition", "docker_compose_v2": "definition"}
_OBJECTS = frozenset({"k8s", "openshift_raw", "k8s_raw"})
_HELM = frozenset({"helm"})
_MODULES = frozenset({*_IMAGE, *_CONTAINERS, *_NAMED, *_COMPOSE, *_OBJECTS, *_HELM, _BUILDS})


class Call(NamedTuple):
    """One use of a module: its short name, its arguments, the task around it, the way to them."""

    module: str
    arguments: Mapping
    task: Mapping
    route: str


class ImageScalar(NamedTuple):
    """A scalar that names an image; ``tag`` is one beside it that has the tag."""

    scalar: Scalar
    route: str
    task: Mapping
    tag: Scalar | None = None


def calls(root: Node | None) -> Iterator[Call]:
    """The modules that the tasks below ``root`` use, wherever blocks and plays hold them."""
    for site in sites(root):
        for key, arguments in site.mapping.scalars():
            module = _COLLECTION.sub("", key, count=1)
            if module in _MODULES and isinstance(arguments, Mapping):
                yield Call(module, arguments, site.mapping, join(site.route, key))


def names_module(source: Source) -> bool:
    """Whether the name of a module that is read here stands in a file."""
    return any(source.holds(name.encode()) for name in sorted(_MODULES))


def image_scalars(root: Node | None) -> Iterator[ImageScalar]:
    """The scalars that name images in arguments of modules; what is built or removed is none."""
    found = list(calls(root))
    built = {name for call in found for name in _built(call)}
    for call in found:
        for image in _images(call):
            if image.scalar.value.strip().removesuffix(":latest") not in built:
                yield image


def _images(call: Call) -> Iterator[ImageScalar]:
    arguments = call.arguments
    if _word(arguments, "state") == "absent":
        return
    key = _IMAGE.get(call.module)
    image = arguments.get(key) if key else None
    if key and isinstance(image, Scalar):
        yield ImageScalar(image, f"{call.route}.{key}", call.task)
    key = _CONTAINERS.get(call.module, "")
    containers = arguments.get(key)
    for index, item in enumerate(containers.items if isinstance(containers, Sequence) else ()):
        image = item.get("image") if isinstance(item, Mapping) else None
        if isinstance(image, Scalar):
            yield ImageScalar(image, f"{call.route}.{key}[{index}].image", call.task)
    name, tag = arguments.get("name"), arguments.get("tag")
    if call.module in _NAMED and isinstance(name, Scalar) and not _is_made(call):
        beside = tag if isinstance(tag, Scalar) and tag.value.strip() else None
        yield ImageScalar(name, f"{call.route}.name", call.task, beside)


def _is_made(call: Call) -> bool:
    """Whether an image module builds or loads its image instead of pulling it."""
    keys = {key for key, _ in call.arguments.scalars()}
    return (
        call.module == _BUILDS
        or _word(call.arguments, "source") in _MADE
        or _word(call.arguments, "state") == "build"
        or bool(keys & {"build", "path", "load_path"})
    )


def _built(call: Call) -> Iterator[str]:
    name, tag = call.arguments.get("name"), call.arguments.get("tag")
    if call.module in {*_NAMED, _BUILDS} and isinstance(name, Scalar) and _is_made(call):
        text = name.value.strip()
        if isinstance(tag, Scalar) and tag.value.strip():
            text += f":{tag.value.strip()}"
        yield text.removesuffix(":latest")


def compose_definitions(root: Node | None) -> Iterator[tuple[Mapping, str]]:
    """Compose files written out in tasks, with the way to them."""
    for call in calls(root):
        key = _COMPOSE.get(call.module)
        definition = call.arguments.get(key) if key else None
        if key and isinstance(definition, Mapping):
            yield definition, f"{call.route}.{key}"


def objects(root: Node | None) -> Iterator[tuple[Mapping, str]]:
    """Kubernetes objects written out in tasks, with the way to them."""
    for call in calls(root):
        if call.module not in _OBJECTS:
            continue
        for key in ("definition", "resource_definition", "inline"):
            definition = call.arguments.get(key)
            if isinstance(definition, Mapping):
                yield definition, f"{call.route}.{key}"
            items = definition.items if isinstance(definition, Sequence) else ()
            for index, item in enumerate(items):
                if isinstance(item, Mapping):
                    yield item, f"{call.route}.{key}[{index}]"


def helm_values(root: Node | None) -> Iterator[tuple[Mapping, str]]:
    """Values of charts written out in tasks, with the way to them."""
    for call in calls(root):
        for key in ("values", "release_values") if call.module in _HELM else ():
            values = call.arguments.get(key)
            if isinstance(values, Mapping):
                yield values, f"{call.route}.{key}"


def _word(arguments: Mapping, key: str) -> str:
    value = arguments.get(key)
    return value.value.strip() if isinstance(value, Scalar) else ""
