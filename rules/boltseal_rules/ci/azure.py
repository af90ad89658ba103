"""The shape of Azure Pipelines: where containers are named, and what fills their names in.

Keys may be expressions (``${{ if … }}:``) whose mapping takes the place of the key, so containers
are looked for wherever a job can be. The rules are those of the YAML schema reference of Azure
DevOps (``jobs.job.container``, ``resources.containers.container``, ``jobs.job.strategy``).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.reference import ImageReference, parse
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, Site, join, sites

VARIABLE = re.compile(
    r"\$\{\{\s*(?:(?P<parameter>parameters(?:\.\w+|\['\w+'\]))"
    r"|variables(?:\.(?P<a>[\w.]+)|\['(?P<b>[\w.]+)'\]))\s*\}\}"
    r"|\$\((?P<c>[\w.]+)\)"
    r"|\$\[\s*variables(?:\.(?P<d>[\w.]+)|\['(?P<e>[\w.]+)'\])\s*\]"
)
"""A parameter or a variable, in the three ways in which they are written."""
_JOB_KEYS = frozenset({"job", "deployment", "steps", "pool", "strategy", "dependsOn"})
_ITEM_KEYS = frozenset(
    {
        *("stage", "job", "deployment", "template", "task", "script", "bash", "pwsh"),
        *("powershell", "checkout", "publish", "download"),
    }
)
# A file with one of these at its root is a pipeline and no template.
_PIPELINE_KEYS = ("trigger", "pr", "schedules", "pool")
_NAMED_CONTAINER = re.compile(r"(?:^|\.)containers\.[^.\[\]]+$")

_PARAMETERS = re.compile(r"(?:^|\.)parameters(?:[.\[]|$)")


class Named(NamedTuple):
    """A scalar that names an image, or, where it ``may_be_alias``, a container resource.

    ``job`` is the mapping in which its variables are looked for first.
    """

    route: str
    scalar: Scalar
    may_be_alias: bool
    job: Site


class Aliases(NamedTuple):
    """The names of container resources; others may be declared in files that this one takes in."""

    names: frozenset[str]
    may_be_elsewhere: bool


Spots = dict[str, list[tuple[str, Scalar]]]


class Declared(NamedTuple):
    """The parameters of a file and the variables outside of its jobs, with their values."""

    parameters: Spots
    variables: Spots


def is_pipeline(root: Mapping) -> bool:
    """Whether a mapping has the shape of a pipeline or of a template of one."""
    if root.get("apiVersion") is not None:
        return False
    resources, extends = root.get("resources"), root.get("extends")
    if isinstance(resources, Mapping) and isinstance(resources.get("containers"), Sequence):
        return True
    if isinstance(extends, Mapping) and extends.get("template") is not None:
        return True
    return any(
        key in _ITEM_KEYS or key.startswith("${{")
        for part in ("stages", "jobs", "steps")
        for item in _items(root.get(part))
        if isinstance(item, Mapping)
        for key, _ in item.scalars()
    )


def aliases(root: Mapping) -> Aliases:
    """The names of the container resources that a file declares, letter case aside."""
    names: set[str] = set()
    elsewhere = False
    for site in sites(root):
        alias = site.mapping.get("container")
        if isinstance(alias, Scalar) and site.mapping.get("image") is not None:
            names.add(alias.value.strip().casefold())
        if _NAMED_CONTAINER.search(site.route):
            names.add(site.key.casefold())
        elsewhere = elsewhere or site.mapping.get("template") is not None
    is_template = root.get("parameters") is not None or not any(
        root.get(key) is not None for key in _PIPELINE_KEYS
    )
    has_resources = root.get("resources") is not None
    return Aliases(frozenset(names), elsewhere or is_template or has_resources)


def named_images(root: Mapping) -> Iterator[Named]:
    """Every scalar that names the image of a container, or a container resource."""
    for site in sites(root):
        image, container = site.mapping.get("image"), site.mapping.get("container")
        if isinstance(image, Scalar) and _is_resource(site, image):
            yield Named(join(site.route, "image"), image, may_be_alias=False, job=site)
        elif _may_be_job(site):
            yield from _containers(site, "container", container)
            services = site.mapping.get("services")
            for name, service in services.scalars() if isinstance(services, Mapping) else ():
                yield from _containers(site, f"services.{name}", service)
        elif isinstance(container, Scalar) and _is_passed_on(site, container):
            yield Named(join(site.route, "container"), container, may_be_alias=True, job=site)


def _is_resource(site: Site, image: Scalar) -> bool:
    """Whether a mapping declares a container: in a list by ``container``, else by its own key."""
    if site.mapping.get("container") is not None:
        return True
    return _NAMED_CONTAINER.search(site.route) is not None and looks_like_image(image.value)


def _is_passed_on(site: Site, container: Scalar) -> bool:
    """Whether an object among parameters holds a reference that a template gives to a job."""
    if not _PARAMETERS.search(site.route):
        return False
    reference = parse(container.value.strip())
    return isinstance(reference, ImageReference) and (
        reference.tag is not None or reference.is_pinned
    )


def _may_be_job(site: Site) -> bool:
    keys = {key for key, _ in site.mapping.scalars()}
    return bool(keys & _JOB_KEYS) or site.key.startswith("${{")


def _containers(site: Site, key: str, node: Node | None) -> Iterator[Named]:
    route = join(site.route, key)
    if isinstance(node, Scalar):
        yield Named(route, node, may_be_alias=True, job=site)
    image = node.get("image") if isinstance(node, Mapping) else None
    if isinstance(image, Scalar) and isinstance(node, Mapping) and not node.get("container"):
        yield Named(join(route, "image"), image, may_be_alias=False, job=site)


def looks_like_image(text: str) -> bool:
    """Whether a text is a reference with more to it than a word, or is filled in by a variable."""
    text = text.strip()
    if VARIABLE.search(text):
        return True
    reference = parse(text)
    return isinstance(reference, ImageReference) and ("/" in text or ":" in text)


def parameter(text: str) -> str | None:
    """The name of the parameter that a text is the whole of."""
    match = VARIABLE.fullmatch(text)
    return _parameter_name(match["parameter"]) if match and match["parameter"] else None


def _parameter_name(text: str) -> str:
    return text.removeprefix("parameters").strip(".[]'")


def declared(root: Mapping) -> Declared:
    """What a file declares for all of it."""
    parameters: Spots = {}
    for name, spots in _listed("parameters", root.get("parameters"), "default").items():
        parameters.setdefault(name, []).extend(spots)
    variables: Spots = {}
    for site in sites(root):
        if not _may_be_job(site) or not site.route:
            route = join(site.route, "variables")
            for name, spots in _listed(route, site.mapping.get("variables"), "value").items():
                variables.setdefault(name, []).extend(spots)
    return Declared(parameters, variables)


def held(known: Declared, named: Named, name: str) -> list[tuple[str, Scalar]]:
    """What a parameter or a variable may hold, each value with the way to it.

    Variables of the job and of its matrix hide those of the file.
    """
    if name.startswith("parameters"):
        return known.parameters.get(_parameter_name(name).casefold(), [])
    job, key = named.job, name.casefold()
    strategy = job.mapping.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, Mapping) else None
    route = join(job.route, "strategy.matrix")
    own = [
        (join(join(route, leg), variable), value)
        for leg, values in (matrix.scalars() if isinstance(matrix, Mapping) else ())
        for variable, value in (values.scalars() if isinstance(values, Mapping) else ())
        if isinstance(value, Scalar) and variable.casefold() == key
    ]
    variables = _listed(join(job.route, "variables"), job.mapping.get("variables"), "value")
    return own or variables.get(key) or known.variables.get(key, [])


def _listed(route: str, node: Node | None, value_key: str) -> Spots:
    """Names with their values: a mapping, or a list of mappings with a ``name``."""
    found: Spots = {}
    if isinstance(node, Mapping):
        for name, value in node.scalars():
            if isinstance(value, Scalar):
                found.setdefault(name.casefold(), []).append((join(route, name), value))
    for index, item in enumerate(_items(node)):
        key = item.get("name") if isinstance(item, Mapping) else None
        default = item.get(value_key) if isinstance(item, Mapping) else None
        if isinstance(key, Scalar) and isinstance(default, Scalar):
            spot = (f"{route}[{index}].{value_key}", default)
            found.setdefault(key.value.casefold(), []).append(spot)
    return found


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
