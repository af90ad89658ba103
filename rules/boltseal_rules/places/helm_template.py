"""Templates of Helm charts: never plain YAML, read around their actions."""

import re
from collections.abc import Iterator

from boltseal.place import Found, Place
from boltseal.reference import ImageReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats import templates
from boltseal_rules.formats.yaml_tree import Document, masked_documents
from boltseal_rules.manifest import object_uses

NAME = "helm-template"
_FILE = re.compile(r"(?:^|/)templates/(?:.*/)?[^/]+\.(?:ya?ml|tpl)$", re.IGNORECASE)
_LINE = re.compile(
    r"^[ \t]*(?:-[ \t]+)?(?P<q>[\"']?)image(?P=q):[ \t]+(?P<r>[\"']?)(?P<text>[^\s\"'{}#]+)(?P=r)[ \t]*(?:#.*)?\r?$",
    re.MULTILINE,
)
_BY_LINE = Opaque(
    "the template around it could not be read as YAML",
    "pin it by hand, or move the reference to the values",
)


def find(source: Source) -> Found | None:
    """The images of a template; None where the file has no action in it or stands elsewhere."""
    if not _FILE.search(source.path) or not templates.is_templated(source.text):
        return None
    uses: list[ImageUse] = []
    for document in masked_documents(source, templates.mask(source.text)):
        if document.problem:
            uses += _line_uses(source, document)
        else:
            uses += object_uses(source, NAME, document.root)
    return Found(tuple(sorted(uses, key=lambda use: use.span)))


def _line_uses(source: Source, document: Document) -> Iterator[ImageUse]:
    """What stands in plain sight in a document that cannot be parsed: reported, never edited."""
    text = source.text[document.start : document.start + len(document.text)]
    for match in _LINE.finditer(text):
        reference = parse(match["text"])
        if not isinstance(reference, ImageReference):
            continue
        start, end = (source.byte_offset(document.start + i) for i in match.span("text"))
        yield ImageUse(source, NAME, "image", match["text"], reference, Span(start, end), _BY_LINE)


PLACE = Place(
    NAME,
    "Templates of Helm charts: literal references between the template actions",
    lambda path: _FILE.search(path) is not None,
    (b"image",),
    find,
)
