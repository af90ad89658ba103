"""Woodpecker, and its relative Crow: steps, services and clone steps, and the matrix behind them."""

import re
from collections.abc import Iterator

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers
from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.ci.guarded import guarded
from boltseal_rules.ci.images import entry, roots, settled
from boltseal_rules.ci.matrix import environments
from boltseal_rules.ci.steps import step_uses
from boltseal_rules.formats.yaml_tree import Mapping

NAME = "woodpecker"
_NEEDS = re.compile(r"\bimage\b")
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


GUIDE = Guide(
    "Woodpecker and Crow: `.woodpecker.yml`, `.woodpecker/`, `.crow.yml`, `.crow/`",
    finds=(
        "`image` of `steps`, `services`, `clone` and the older `pipeline`, lists and mappings",
        "values of the `matrix` that are fed to an image",
    ),
    rewrites="the reference in place, or the value of the matrix that is the whole of it",
    examples=(
        Example(
            ".woodpecker.yml",
            "steps:\n  - name: test\n    image: ${IMAGE}\nmatrix:\n  IMAGE:\n    - golang:1.24\n",
            "steps:\n  - name: test\n    image: ${IMAGE}\nmatrix:\n  IMAGE:\n"
            f"    - golang:1.24@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(
        renovate="`image` of `clone`, `steps`, `pipeline`, `services`; no matrix",
        frizbee="`image:` text in any YAML",
    ),
)
