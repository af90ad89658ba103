"""Buildkite: images of the Docker and Kubernetes plugins, of steps and of their agents."""

import re
from collections.abc import Iterator

from boltseal.place import Found
from boltseal.reference import ImageReference, parse
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
from boltseal_rules.formats import templates
from boltseal_rules.formats.yaml_tree import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    Site,
    join,
    sites,
)
from boltseal_rules.helm.template_lines import line_uses
from boltseal_rules.kubernetes.manifest import object_uses

NAME = "buildkite"
_NEEDS = ("image",)
_DOCKER = re.compile(r"(?:.*/)?docker(?:-buildkite-plugin)?(?:\.git)?(?:#.*)?")
_KUBERNETES = re.compile(r"(?:.*/)?kubernetes(?:#.*)?")
# Agents with one of these are machines, and their image is a machine's.
_MACHINE_KEYS = ("imageProject", "instanceType", "machineType", "diskSizeGb", "diskType")
_CONTAINER_PROVIDERS = ("", "k8s", "kubernetes", "docker")


def find(source: Source) -> Found | None:
    """The images of a pipeline; None where a file of that name has no steps."""
    found = roots(source, _NEEDS)
    pipelines = [root for root in found.mappings if entry(root, "steps") is not None]
    pipelines += map(_of_steps, found.lists)
    if not pipelines and not found.unread:
        return None
    uses = [use for root in pipelines for use in _pipeline_uses(source, root)]
    if not templates.has_blocks(source.text):
        return Found(guarded(source, settled(uses)), found.problems)
    lines = (use for document in found.unread for use in line_uses(source, NAME, document))
    # Without what stands around it, a name that has no tag may be a machine's.
    uses += (use for use in lines if use.image and (use.image.tag or use.image.is_pinned))
    return Found(guarded(source, settled(uses)))


def _of_steps(steps: Sequence) -> Mapping:
    """The pipeline that a list of steps is when a file holds nothing else."""
    key = Scalar("steps", steps.start, steps.start, "", tagged=False)
    return Mapping(((key, steps),), steps.start)


def _pipeline_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    variables = _environment(source, root)
    for value in (*_plain(source, root), *_plugins(source, root)):
        yield from image_uses(value, variables)
    for site, config in _kubernetes(root):
        route = join(site.route, f"plugins.{site.key}")
        for use in object_uses(source, NAME, config):
            yield use._replace(route=join(route, use.route))


def _environment(source: Source, root: Mapping) -> Variables:
    """The pipeline's own environment, which takes part when the pipeline is uploaded."""
    known = {
        name: [scalar_value(source, NAME, f"env.{name}", value)]
        for name, value in entries(entry(root, "env"))
        if isinstance(value, Scalar)
    }
    return shell_variables(lambda name: known.get(name, ()))


def _plain(source: Source, root: Mapping) -> Iterator[Value]:
    """``image`` of the pipeline and of its steps, and ``agents.image`` where agents are containers."""
    for route, step in (("", root), *_steps(root)):
        image, agents = entry(step, "image"), entry(step, "agents")
        if isinstance(image, Scalar):
            yield scalar_value(source, NAME, join(route, "image"), image)
        image = entry(agents, "image")
        if isinstance(image, Scalar) and _is_container(agents, image.value.strip()):
            yield scalar_value(source, NAME, join(route, "agents.image"), image)


def _steps(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Every step, those in groups too."""
    for site in sites(root):
        for index, step in enumerate(items(site.mapping.get("steps"))):
            if isinstance(step, Mapping):
                yield join(site.route, f"steps[{index}]"), step


def _is_container(agents: Node | None, image: str) -> bool:
    provider = entry(agents, "provider")
    if isinstance(provider, Scalar) and provider.value.lower() not in _CONTAINER_PROVIDERS:
        return False
    if any(entry(agents, key) is not None for key in _MACHINE_KEYS) or image.startswith("family/"):
        return False
    if "$" in image:
        return True
    reference = parse(image)
    return isinstance(reference, ImageReference) and ("/" in image or reference.tag is not None)


def _plugins(source: Source, root: Mapping) -> Iterator[Value]:
    """The image of each Docker plugin."""
    for site, config in _configured(root, _DOCKER):
        image = entry(config, "image")
        if isinstance(image, Scalar):
            route = join(site.route, f"plugins.{site.key}.image")
            yield scalar_value(source, NAME, route, image)


def _kubernetes(root: Mapping) -> Iterator[tuple[Site, Mapping]]:
    return _configured(root, _KUBERNETES)


def _configured(root: Mapping, plugin: re.Pattern[str]) -> Iterator[tuple[Site, Mapping]]:
    """The settings of a plugin wherever it is used: the site of the step, with the plugin's name."""
    for site in sites(root):
        plugins = entry(site.mapping, "plugins")
        for part in (plugins, *items(plugins)):
            for name, config in entries(part):
                if isinstance(config, Mapping) and plugin.fullmatch(name):
                    yield Site(site.route, name, config), config
