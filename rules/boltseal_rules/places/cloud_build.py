"""Google Cloud Build: each step is named by the image that it runs."""

import re
from collections.abc import Iterator
from itertools import pairwise

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
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, join

NAME = "cloud-build"
_NEEDS = ("steps",)
_TAGGED = re.compile(r"(?<!\S)(?:-t|--tag|--destination)[\s=]+[\"']?([^\s\"']+)")
_TAG_OPTIONS = ("-t", "--tag", "--destination")


def find(source: Source) -> Found | None:
    """The images of a build configuration; None where the file has no steps."""
    found = roots(source, _NEEDS)
    builds = [(route, build) for root in found.mappings for route, build in _builds(root)]
    if not builds and not found.problems:
        return None
    uses = (use for route, build in builds for use in _build_uses(source, route, build))
    return Found(guarded(source, settled(uses)), found.problems)


def _builds(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    """The build that a file is, and the one that it holds if it describes a trigger."""
    inner = root.get("build")
    for route, build in (("", root), ("build", inner)):
        if isinstance(build, Mapping) and items(entry(build, "steps")):
            yield route, build


def _build_uses(source: Source, route: str, build: Mapping) -> Iterator[ImageUse]:
    variables = _substitutions(source, route, build)
    made = frozenset(_made(build))
    for index, step in enumerate(items(entry(build, "steps"))):
        name = entry(step, "name")
        if isinstance(name, Scalar) and _plain(name.value) not in made:
            where = join(route, f"steps[{index}].name")
            yield from image_uses(scalar_value(source, NAME, where, name), variables)


def _substitutions(source: Source, route: str, build: Mapping) -> Variables:
    known: dict[str, list[Value]] = {}
    for name, value in entries(entry(build, "substitutions")):
        if isinstance(value, Scalar) and value.value.strip():
            where = join(route, f"substitutions.{name}")
            known[name] = [scalar_value(source, NAME, where, value)]
    return shell_variables(lambda name: known.get(name, ()))


def _made(build: Mapping) -> Iterator[str]:
    """The names of what the build makes, in its list of images and where its steps tag them."""
    yield from (_plain(image.value) for image in _scalars(entry(build, "images")))
    for step in items(entry(build, "steps")):
        words = [word.value.strip() for word in _scalars(entry(step, "args"))]
        script = entry(step, "script")
        if isinstance(script, Scalar):
            words.append(script.value)
        for word, following in pairwise((*words, "")):
            option, equals, value = word.partition("=")
            if option in _TAG_OPTIONS and (option != "-t" or "build" in words):
                yield _plain(value if equals else following)
            elif " " in word and "build" in word:
                yield from (_plain(match[1]) for match in _TAGGED.finditer(word))


def _scalars(node: Node | None) -> Iterator[Scalar]:
    yield from (item for item in items(node) if isinstance(item, Scalar))


def _plain(name: str) -> str:
    """A name as it compares to others: ``${X}`` as ``$X``, without the tag that is the default."""
    return re.sub(r"\$\{(\w+)\}", r"$\1", name.strip()).removesuffix(":latest")
