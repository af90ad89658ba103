"""The matrix of Drone 0.8 and Woodpecker: what each of its variables may hold."""

from boltseal.source import Source
from boltseal_rules.ci.images import (
    Value,
    Variables,
    entries,
    entry,
    items,
    scalar_value,
    shell_variables,
)
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar

_MAX_INCLUDED = 256
"""Combinations under ``include`` beyond which no more are looked at."""


def environments(source: Source, place: str, root: Mapping) -> list[Variables]:
    """The variables of a pipeline with their values, once for each combination under ``include``.

    Without ``include`` there is one environment, in which each variable may hold every value.
    """
    matrix = entry(root, "matrix")
    included = items(entry(matrix, "include"))[:_MAX_INCLUDED]
    if not included:
        return [_variables(source, place, "matrix", matrix)]
    return [
        _variables(source, place, f"matrix.include[{index}]", item)._replace(several=True)
        for index, item in enumerate(included)
    ]


def _variables(source: Source, place: str, route: str, node: Node | None) -> Variables:
    found: dict[str, list[Value]] = {}
    for name, held in entries(node):
        nodes = [(f"[{index}]", item) for index, item in enumerate(items(held))] or [("", held)]
        found[name] = [
            scalar_value(source, place, f"{route}.{name}{suffix}", item)
            for suffix, item in nodes
            if isinstance(item, Scalar)
        ]
    return shell_variables(lambda name: found.get(name, ()))
