"""Images in plain sight, line by line, in a template that cannot be read as YAML."""

import re
from collections.abc import Iterator

from boltseal.reference import ImageReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import Document

# Actions may stand before the key and behind the value, as in "{{ if .x }}image: nginx{{ end }}".
_LINE = re.compile(
    r"^(?:[ \t-]|\{\{[^{}\r\n]*\}\})*(?P<q>[\"']?)image(?P=q):[ \t]+"
    r"(?P<r>[\"']?)(?P<text>[^\s\"'{}#]+)(?P=r)(?:[ \t]|\{\{[^{}\r\n]*\}\})*(?:#.*)?\r?$",
    re.MULTILINE,
)
_BY_LINE = Opaque(
    "the template around it could not be read as YAML",
    "pin it by hand, or move the reference to the values",
)


def line_uses(source: Source, place: str, document: Document) -> Iterator[ImageUse]:
    """What a document that cannot be parsed shows all the same: reported, never edited."""
    text = source.text[document.start : document.start + len(document.text)]
    for match in _LINE.finditer(text):
        reference = parse(match["text"])
        if not isinstance(reference, ImageReference):
            continue
        start, end = (source.byte_offset(document.start + i) for i in match.span("text"))
        yield ImageUse(source, place, "image", match["text"], reference, Span(start, end), _BY_LINE)
