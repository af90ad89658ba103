"""Steps and services as Drone and its relatives write them: lists, or mappings by name."""

from collections.abc import Iterator

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.ci.images import Variables, entries, entry, image_uses, items, scalar_value
from boltseal_rules.formats.yaml_tree import Node, Scalar, join


def step_uses(
    source: Source, place: str, route: str, steps: Node | None, variables: Variables
) -> Iterator[ImageUse]:
    """The images of a list or a mapping of steps; ``route`` leads to it."""
    listed = [(f"{route}[{index}]", step) for index, step in enumerate(items(steps))]
    named = [(join(route, name), step) for name, step in entries(steps)]
    for where, step in (*listed, *named):
        image = entry(step, "image")
        if isinstance(image, Scalar):
            value = scalar_value(source, place, join(where, "image"), image)
            yield from image_uses(value, variables)
