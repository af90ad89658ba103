"""Bitbucket Pipelines: the images of steps and services, and pipes named by an image."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.ci.guarded import guarded
from boltseal_rules.ci.images import (
    Value,
    Variables,
    entries,
    entry,
    image_uses,
    items,
    roots,
    scalar_value,
    settled,
    shell_variables,
)
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, join, sites
from boltseal_rules.literal import scalar_use

NAME = "bitbucket-pipelines"
_NEEDS = ("image", "docker://")
_PIPE = "docker://"
_OTHER = frozenset({"variables", "caches", "artifacts", "condition"})


def find(source: Source) -> Found | None:
    """The images of a pipeline file; None where the file has another name."""
    found = roots(source, _NEEDS)
    uses = (use for root in found.mappings for use in _root_uses(source, root))
    return Found(guarded(source, settled(uses)), found.problems)


def _root_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    variables = _variables(source, root)
    for site in sites(root, skip=_OTHER):
        for key, node in site.mapping.scalars():
            route, key_of_name = join(site.route, key), entry(node, "name")
            if key == "pipe" and isinstance(node, Scalar) and node.value.startswith(_PIPE):
                use = scalar_use(source, NAME, route, node, prefix=_PIPE)
                yield from (use,) if use else ()
            elif key == "image" and isinstance(node, Scalar):
                yield from image_uses(scalar_value(source, NAME, route, node), variables)
            elif key == "image" and isinstance(key_of_name, Scalar):
                name = scalar_value(source, NAME, join(route, "name"), key_of_name)
                yield from image_uses(name, variables)


def _variables(source: Source, root: Mapping) -> Variables:
    """The variables that custom pipelines declare with a default."""
    known: dict[str, list[Value]] = {}
    for pipeline, body in entries(entry(root.get("pipelines"), "custom")):
        for position, part in enumerate(items(body)):
            for index, variable in enumerate(items(entry(part, "variables"))):
                name, default = entry(variable, "name"), entry(variable, "default")
                if isinstance(name, Scalar) and isinstance(default, Scalar):
                    route = f"pipelines.custom.{pipeline}[{position}].variables[{index}].default"
                    value = scalar_value(source, NAME, route, default)
                    known.setdefault(name.value, []).append(value)
    return shell_variables(lambda name: known.get(name, ()))
