"""Entries of a configuration that accept findings, ready to be pasted."""

import re
from collections.abc import Callable, Iterable, Iterator

from boltseal.configuration import image_glob
from boltseal.finding import Finding
from boltseal.report import toml
from boltseal.resolve.namespace import folded

_SPECIAL = re.compile(r"[\\*?\[]")


def accept_lines(
    findings: Iterable[Finding], relative: Callable[[str], str], reason: str
) -> Iterator[str]:
    """An ``[[accept]]`` for each file of the findings, with their rules and the images in them.

    ``relative`` makes of a path as shown that from the folder of the configuration.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.source.path, []).append(finding)
    for path, found in by_path.items():
        for with_image in (True, False):
            some = [it for it in found if bool(_image(it)) is with_image]
            if some:
                yield from _entry(relative(path), some, reason)


def _entry(path: str, findings: list[Finding], reason: str) -> Iterator[str]:
    yield ""
    yield "[[accept]]"
    yield f"paths = {toml.value([_glob(path)])}"
    yield f"rules = {toml.value(sorted({finding.rule for finding in findings}))}"
    images = sorted({image for finding in findings if (image := _image(finding))})
    if images:
        yield f"images = {toml.value(images)}"
    yield f"reason = {toml.value(reason)}"


def _image(finding: Finding) -> str:
    """The name of an image as a glob; '' where it is not known, or none that a glob can say."""
    image = finding.use.image if finding.use else None
    name = folded(image.name) if image else ""
    return "" if image_glob.problem(name) else name


def _glob(path: str) -> str:
    """A glob for one path. What is no text in it stands as any byte."""
    glob = _SPECIAL.sub(r"\\\g<0>", path)
    return "/" + re.sub(r"[\ud800-\udfff]", "?", glob)
