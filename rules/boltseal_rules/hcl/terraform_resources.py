"""Which attributes of Terraform's resources name container images.

A list of what is known, and not a search for ``image``: most resources that have one mean a disk,
a machine, or a picture.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.source import Source
from boltseal_rules.formats.hcl import (
    Block,
    Call,
    Choice,
    Expression,
    Items,
    Name,
    Object,
    Text,
    key_text,
)
from boltseal_rules.hcl.images import Definition, Reader, Scope, Spot

_MAX_WALKED = 20_000
"""Expressions below one attribute beyond which no more are looked at."""
_IMAGE_INPUT = re.compile(
    r"(?!(?:\w+_)?(?:ami|vm|os|boot|source|node|machine|disk|base_os)_image)"
    r"(?:\w+_)?image(?:_(?:uri|url|name))?",
    re.IGNORECASE,
)
_SLOT = "(?:_slot)?"


class _Attribute(NamedTuple):
    """An attribute that names an image: of which resources, in blocks of which types."""

    resource: re.Pattern[str]
    name: str
    blocks: frozenset[str] = frozenset()
    prefix: str = ""
    objection: str = ""


_LAMBDA = "Lambda takes no tag beside a digest"
_LOOKED_UP = "it is there to look the digest up"


def _attribute(
    resource: str, name: str, *blocks: str, prefix: str = "", objection: str = ""
) -> _Attribute:
    return _Attribute(re.compile(resource), name, frozenset(blocks), prefix, objection)


_CONTAINERS = "container", "init_container"
_ATTRIBUTES = (
    _attribute(r"docker_image", "name"),
    _attribute(r"docker_container", "image"),
    _attribute(r"docker_buildx_builder", "image", "docker_container"),
    _attribute(r"docker_service", "image", "container_spec"),
    _attribute(
        r"kubernetes_(?:pod|deployment|daemon_?set|stateful_set|job|cron_job|replica_set"
        r"|replication_controller)(?:_v\d\w*)?",
        "image",
        *_CONTAINERS,
    ),
    _attribute(r"aws_lambda_function", "image_uri", objection=_LAMBDA),
    _attribute(r"aws_apprunner_service", "image_identifier", "image_repository"),
    _attribute(r"aws_sagemaker_model", "image", "primary_container", "container"),
    _attribute(r"aws_codebuild_project", "image", "environment"),
    _attribute(r"google_cloud_run_(?:v2_)?\w+", "image", "containers"),
    _attribute(r"google_cloudbuild_trigger", "name", "step"),
    _attribute(r"azurerm_container_(?:group|app|app_job)", "image", *_CONTAINERS),
    _attribute(
        rf"azurerm_(?:app_service|function_app){_SLOT}",
        "linux_fx_version",
        "site_config",
        prefix="DOCKER|",
    ),
    _attribute(r"scaleway_container", "registry_image"),
    _attribute(r"fly_machine", "image"),
)
_JSON = {
    "aws_ecs_task_definition": "container_definitions",
    "aws_batch_job_definition": "container_properties",
}
NOT_PULLED = ("aws/codebuild",)
"""The beginning of the names of AWS's own build environments, which no registry knows."""


def resource_spots(source: Source, root: Block, scope: Scope) -> Iterator[Spot]:
    """Where the resources, data sources and modules of a file name images."""
    for block in root.of("resource", "data", "module"):
        route = ".".join((block.type, *block.labels))
        if block.type == "module":
            yield from _module_spots(source, route, block)
        elif len(block.labels) > 1:
            yield from _resource_spots(source, route, block, scope)


def made(root: Block) -> Iterator[str]:
    """The references that the resources of a file build or push, where they are written out."""
    for block in root.of("resource"):
        if block.labels[:1] == ("docker_registry_image",) or _is_built(block):
            name = block.get("name")
            if isinstance(name, Text) and name.value:
                yield name.value


def _is_built(block: Block) -> bool:
    return block.labels[:1] == ("docker_image",) and any(block.of("build"))


def _resource_spots(source: Source, route: str, block: Block, scope: Scope) -> Iterator[Spot]:
    kind = block.labels[0]
    if block.type == "data":
        name = block.get("name")
        if kind == "docker_registry_image" and name is not None:
            loops = _loops(block, "each")
            yield Spot(source, f"{route}.name", name, loops=loops, objection=_LOOKED_UP)
        return
    if _is_built(block):
        return
    for attribute in _ATTRIBUTES:
        if attribute.resource.fullmatch(kind):
            yield from _attribute_spots(source, route, block, attribute)
    carried = block.get(_JSON.get(kind, ""))
    if carried is not None:
        where = f"{route}.{_JSON[kind]}"
        here = Definition(source, where, carried)
        yield from object_spots(here, Reader(scope), _loops(block, "each"))


def _attribute_spots(
    source: Source, route: str, block: Block, attribute: _Attribute
) -> Iterator[Spot]:
    loops = _loops(block, "each")
    stack = [(block, route, loops)]
    while stack:
        inner, where, loops = stack.pop()
        value = inner.get(attribute.name)
        fits = inner.type in attribute.blocks if attribute.blocks else inner is block
        if value is not None and fits:
            yield Spot(
                source,
                f"{where}.{attribute.name}",
                value,
                attribute.prefix,
                loops=loops,
                objection=attribute.objection,
            )
        if attribute.blocks:
            below = []
            for child in inner.blocks:
                if child.type == "dynamic" and child.labels:
                    more = (*loops, *_loops(child, child.labels[0]))
                    for content in child.of("content"):
                        named = content._replace(type=child.labels[0])
                        below.append((named, f"{where}.{named.type}", more))
                else:
                    below.append((child, f"{where}.{child.type}", loops))
            stack += reversed(below)


def _loops(block: Block, name: str) -> tuple[tuple[str, Expression], ...]:
    through = block.get("for_each")
    return ((name, through),) if through is not None else ()


def _module_spots(source: Source, route: str, block: Block) -> Iterator[Spot]:
    """What a module is given under a name for an image: one only if it has a tag."""
    loops = _loops(block, "each")
    for name, value in block.attributes:
        yield from input_spots(Definition(source, f"{route}.{name}", value), name, loops)


def input_spots(
    at: Definition, name: str, loops: tuple[tuple[str, Expression], ...] = ()
) -> Iterator[Spot]:
    """The images among the inputs of a module: one only if it has a tag."""
    if _IMAGE_INPUT.fullmatch(name) and not isinstance(at.value, Object | Items):
        yield Spot(at.source, at.route, at.value, tagged=True, loops=loops)
        return
    for route, key, value in _below(at):
        if _IMAGE_INPUT.fullmatch(key) and not isinstance(value, Object | Items):
            yield Spot(at.source, route, value, tagged=True, loops=loops)


def object_spots(
    at: Definition, reader: Reader, loops: tuple[tuple[str, Expression], ...]
) -> Iterator[Spot]:
    """The ``image`` of every object below a value, also of those that names in it lead to."""
    stack = [at]
    walked = 0
    while stack and walked < _MAX_WALKED:
        here = stack.pop()
        walked += 1
        value = here.value
        if isinstance(value, Name):
            if walked < _MAX_WALKED // 100:
                stack += list(reader.defined(here, value.path, 0))
            continue
        for route, key, inner in _children(here):
            if key == "image":
                yield Spot(here.source, route, inner, loops=loops)
            else:
                stack.append(Definition(here.source, route, inner))


def _below(at: Definition) -> Iterator[tuple[str, str, Expression]]:
    """Every entry of the objects below a value: the way to it, its key, its value."""
    stack = [at]
    while stack:
        children = list(_children(stack.pop()))
        yield from children
        stack += reversed([at._replace(route=route, value=value) for route, _, value in children])


def _children(at: Definition) -> Iterator[tuple[str, str, Expression]]:
    value = at.value
    if isinstance(value, Object):
        for key, item in value.entries:
            yield f"{at.route}.{key_text(key)}", key_text(key), item
    elif isinstance(value, Items):
        for index, item in enumerate(value.items):
            yield f"{at.route}[{index}]", "", item
    elif isinstance(value, Choice | Call):
        for item in value.branches if isinstance(value, Choice) else value.arguments:
            yield at.route, "", item
