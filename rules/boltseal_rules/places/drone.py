"""Drone: the steps and services of pipelines that run in containers."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.ci.guarded import guarded
from boltseal_rules.ci.images import entry, roots, settled
from boltseal_rules.ci.matrix import environments
from boltseal_rules.ci.steps import step_uses
from boltseal_rules.formats.yaml_tree import Mapping, Scalar

NAME = "drone"
_NEEDS = ("image",)
# Pipelines of the other types run on a machine; one of version 0.8 has neither kind nor type.
_CONTAINERS = ("", "docker", "kubernetes")
_PARTS = ("clone", "pipeline", "services", "steps")


def find(source: Source) -> Found | None:
    """The images of every pipeline in a file; None where it has another name."""
    found = roots(source, _NEEDS)
    uses = (use for root in found.mappings for use in _pipeline_uses(source, root))
    return Found(guarded(source, settled(uses)), found.problems)


def _pipeline_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    if _text(root, "kind") not in ("", "pipeline") or _text(root, "type") not in _CONTAINERS:
        return
    for variables in environments(source, NAME, root):
        for part in _PARTS:
            yield from step_uses(source, NAME, part, entry(root, part), variables)


def _text(root: Mapping, key: str) -> str:
    value = root.get(key)
    return value.value if isinstance(value, Scalar) else ""
