"""A stream of YAML documents, cut at its markers by its text alone."""

import re
from collections.abc import Iterator

from boltseal.pattern import pattern
from boltseal.source import Span

_BOM = "\ufeff"
_MARKER = pattern(r"\n(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_DIRECTIVE = pattern(r"^%(?=YAML|TAG)", re.MULTILINE)
_SCHEMA = "CustomResourceDefinition"
_SCHEMA_KIND = pattern(rf"^kind:[ \t]*[\"']?{_SCHEMA}\b", re.MULTILINE)


def document_spans(text: str) -> Iterator[Span]:
    """The characters of each document, from its marker on, if it has one."""
    start = 0
    for marker in _MARKER.finditer(text):
        yield from _span(text, start, marker.start() + 1)
        start = marker.start() + 1
    yield from _span(text, start, len(text))


def _span(text: str, start: int, end: int) -> Iterator[Span]:
    while text.startswith(_BOM, start, end):  # The parsers would not count one that stands first.
        start += 1
    if start < end:
        yield Span(start, end)


def is_schema(text: str) -> bool:
    """Whether a document is the schema of custom resources, which is long and names no image."""
    return _SCHEMA in text and _SCHEMA_KIND.search(text) is not None


def plain(text: str) -> str:
    """One document without what means nothing here, and of the same length.

    Directives become comments, and so do the marks that end a document: what follows them is one
    more, with a mark of its own or without.
    """
    if text[:4].rstrip() == "...":
        text = f"#{text[1:]}"
    return _DIRECTIVE.sub("#", text) if text.startswith("%") or "\n%" in text else text
