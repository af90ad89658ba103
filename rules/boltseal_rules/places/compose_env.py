"""``.env`` beside Compose files: variables that are the whole of an image there."""

import re
from collections.abc import Iterator
from posixpath import dirname, normpath

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse, Opaque, Related, Whole
from boltseal_rules.compose.project import value_span, whole_variable
from boltseal_rules.formats.env_file import settings
from boltseal_rules.places import compose
from boltseal_rules.text_use import text_use

NAME = "compose-env"
_MAX_FILES = 256
"""Compose files of a folder beyond which no more are read."""
_SHARED = Opaque(
    "its variable is used for more than images", "give the image a variable of its own"
)


def find(source: Source) -> Found | None:
    """The images among the variables of a project; None where no Compose file stands beside it."""
    files = list(_neighbours(source))
    if not files:
        return None
    readers: dict[str, list[ImageUse]] = {}
    for file in files:
        for use in _uses(file):
            name = whole_variable(use.text) if "$" in use.text else None
            if name:
                readers.setdefault(name, []).append(use)
    return Found(tuple(_judged(source, files, readers)))


def _neighbours(source: Source) -> Iterator[Source]:
    """The Compose files of the same folder."""
    folder = dirname(normpath(source.path))
    paths = source.tree.files(
        folder or ".", lambda it: dirname(normpath(it)) == folder and compose.is_named(it)
    )
    for path in paths[:_MAX_FILES]:
        file = source.tree.read(path)
        if file:
            yield file


def _uses(file: Source) -> tuple[ImageUse, ...]:
    try:
        found = compose.find(file)
    except Unparsable:
        return ()  # it is reported where it is looked at itself
    return found.uses if found else ()


def _judged(
    source: Source, files: list[Source], readers: dict[str, list[ImageUse]]
) -> Iterator[ImageUse]:
    for name, setting in sorted(settings(source.text).items(), key=lambda item: item[1].start):
        images = readers.get(name)
        if not images or not setting.value:
            continue
        span = value_span(source, setting)
        use = text_use(source, NAME, name, setting.value, span, fallback=span)
        if isinstance(use.spelling, Whole) and _count(name, files) > len(images):
            use = use._replace(spelling=_SHARED)
        yield use._replace(
            related=tuple(Related(it.span, "used as an image here", it.source) for it in images)
        )


def _count(name: str, files: list[Source]) -> int:
    """How often Compose files read a variable."""
    read = re.compile(rf"\$(?:\{{{re.escape(name)}\b|{re.escape(name)}\b)")
    return sum(len(read.findall(file.text)) for file in files)
