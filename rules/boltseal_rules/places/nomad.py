"""Nomad job specifications: the images of tasks that a container driver runs."""

import re
from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats import hcl
from boltseal_rules.formats.hcl import Block, Text
from boltseal_rules.hcl.images import (
    Scope,
    Spot,
    joined_names,
    local_values,
    spot_uses,
    variable_defaults,
)
from boltseal_rules.signs import claims
from boltseal_rules.text_use import distinct

NAME = "nomad"
_ACTION = re.compile(r"\[\[[^\n]*?\]\]")
_DRIVERS = frozenset({"docker", "podman", "containerd-driver", "containerd"})
_SCHEME = "docker://"
_PODMAN = "the podman driver takes no tag beside a digest"


def find(source: Source) -> Found | None:
    """The images of a job; None for HCL without one. Raises Unparsable where it is not HCL."""
    text = _without_actions(source.text)
    try:
        root = hcl.read_text(source, text)
    except Unparsable:
        if not claims(NAME, source.path):
            return None
        if text == source.text:
            raise
        return Found()  # What a pack's template leaves is HCL only once it is filled in.
    jobs = list(root.of("job"))
    return Found(distinct(job_uses(source, NAME, root))) if jobs else None


def job_uses(source: Source, place: str, root: Block) -> Iterator[ImageUse]:
    """The images of the jobs of a file."""
    defaults = dict(variable_defaults(source, root, "var"))
    scope = Scope({**defaults, **dict(local_values(source, root))}, joined_names(source.text))
    spots = [spot for job in root.of("job") for spot in _spots(source, job)]
    return spot_uses(source, place, spots, scope)


def _spots(source: Source, job: Block) -> Iterator[Spot]:
    stack = [(job, ".".join(("job", *job.labels)))]
    while stack:
        block, route = stack.pop()
        if block.type in ("task", "sidecar_task"):
            yield from _task_spots(source, block, route)
        inner = [(b, ".".join((route, b.type, *b.labels))) for b in block.blocks]
        stack += reversed([item for item in inner if item[0].type not in ("template", "config")])


def _task_spots(source: Source, task: Block, route: str) -> Iterator[Spot]:
    driver = task.get("driver")
    is_sidecar = driver is None and task.type == "sidecar_task"
    if not is_sidecar and not (isinstance(driver, Text) and driver.value in _DRIVERS):
        return
    for config in task.of("config"):
        image = config.get("image")
        if image is not None:
            prefixed = isinstance(image, Text) and (image.value or "").startswith(_SCHEME)
            podman = isinstance(driver, Text) and driver.value == "podman"
            spot = Spot(source, f"{route}.config.image", image, _SCHEME if prefixed else "")
            yield spot._replace(objection=_PODMAN if podman else "")


def _without_actions(text: str) -> str:
    """The text with the actions of a pack's template blotted out, character for character."""
    if "[[" not in text:
        return text
    lines = text.split("\n")
    return "\n".join(_blotted(line) if "[[" in line else line for line in lines)


def _blotted(line: str) -> str:
    line, end, behind = line.rpartition("]]")  # Behind the last end every opener looks for none.
    line += end
    rest = _ACTION.sub("", line)
    fill = "x" if (rest + behind).strip() else " "
    return _ACTION.sub(lambda match: fill * len(match[0]), line) + behind
