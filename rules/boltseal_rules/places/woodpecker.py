"""Woodpecker, and its relative Crow: steps, services and clone steps, and the matrix behind them."""

from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.ci.guarded import guarded
from boltseal_rules.ci.images import entry, roots, settled
from boltseal_rules.ci.matrix import environments
from boltseal_rules.ci.steps import step_uses
from boltseal_rules.formats.yaml_tree import Mapping

NAME = "woodpecker"
_NEEDS = ("image",)
_PARTS = ("clone", "pipeline", "services", "steps")


def find(source: Source) -> Found | None:
    """The images of a workflow; None where the file has another name."""
    found = roots(source, _NEEDS)
    uses = (use for root in found.mappings for use in _workflow_uses(source, root))
    return Found(guarded(source, settled(uses)), found.problems)


def _workflow_uses(source: Source, root: Mapping) -> Iterator[ImageUse]:
    for variables in environments(source, NAME, root):
        for part in _PARTS:
            yield from step_uses(source, NAME, part, entry(root, part), variables)
