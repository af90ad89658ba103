"""pre-commit: hooks that run in an image of a registry.

https://pre-commit.com/#docker_image
"""

import re
from collections.abc import Iterator

from boltseal.place import Found
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Node, Scalar, documents, sites, verbatim
from boltseal_rules.literal import shown
from boltseal_rules.text_use import distinct, text_use

NAME = "pre-commit"
_NEEDS = ("docker_image",)
# Options of 'docker run' may stand before the image, as in "--entrypoint /bin/sh image".
_IMAGE = re.compile(r"\s*(?:--?[\w-]+(?:=\S*|\s+\S+)\s+)*(?P<image>[^\s-]\S*)")


def find(source: Source) -> Found | None:
    """The images of hooks, of those that a repository uses or offers."""
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    for document in documents(source, _NEEDS):
        if document.problem:
            problems.append(document.problem)
        uses += _hook_uses(source, document.root)
    return Found(distinct(uses), tuple(problems))


def _hook_uses(source: Source, root: Node | None) -> Iterator[ImageUse]:
    for site in sites(root) if root is not None else ():
        language, entry = site.mapping.get("language"), site.mapping.get("entry")
        if isinstance(language, Scalar) and language.value == "docker_image":
            yield from _entry_use(source, f"{site.route}.entry", entry)


def _entry_use(source: Source, route: str, entry: Node | None) -> Iterator[ImageUse]:
    """The image of an entry, which the words of its command follow."""
    match = _IMAGE.match(entry.value) if isinstance(entry, Scalar) else None
    if match is None or not isinstance(entry, Scalar):
        return
    span = verbatim(source, entry)
    if span is not None:
        before = len(entry.value[: match.start("image")].encode())
        start = span.start + before - len(entry.value) + len(entry.value.lstrip())
        span = Span(start, start + len(match["image"].encode()))
    yield text_use(source, NAME, route, match["image"], span, fallback=shown(source, entry))
