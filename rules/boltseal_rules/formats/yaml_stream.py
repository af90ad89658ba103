"""A stream of YAML documents, cut at its markers by its bytes alone."""

from collections.abc import Iterator
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.source import BOM, Source, Span, Unparsable

_MARKER = pattern(rb"\n(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_DIRECTIVE = pattern(r"(?m)^%(?=YAML|TAG)")
_SCHEMA = b"CustomResourceDefinition"
_BLANK_LINE = rb"[ \t]*(?:#[^\n]*)?\r?\n"
_SCHEMA_HEAD = pattern(
    rb"(?:%b|---%b|\{\{[^\n]*\n|apiVersion:[ \t]*[\"']?[\w./-]+[\"']?%b)*+"
    rb"kind:[ \t]*[\"']?CustomResourceDefinition\b" % (_BLANK_LINE, _BLANK_LINE, _BLANK_LINE)
)
_BLANK = pattern(rb"(?:(?:---|\.\.\.)?%b)*+(?:---|\.\.\.)?[ \t]*(?:#[^\n]*)?" % _BLANK_LINE)
_KIND = pattern(rb"\n[\"']?kind\b")


class Piece(NamedTuple):
    """One document: the character at which it starts, and its bytes."""

    start: int
    span: Span


def pieces(data: bytes, at: int) -> list[Piece]:
    """The documents of a stream, each from its marker on, if it has one; schemas are left out.

    Those of custom resources make up most of a large file, and nothing of them is kept. ``at`` is
    the byte of the first character. Raises Unparsable where the data is not UTF-8.
    """
    found: list[Piece] = []
    is_ascii = data.isascii()
    index = 0
    for end in _ends(data):
        while data.startswith(BOM, at, end):  # The parsers would not count one that stands first.
            at, index = at + len(BOM), index + 1
        chunk = data[at:end]
        if chunk and not _is_schema(chunk):
            found.append(Piece(index, Span(at, end)))
        index += len(chunk) if is_ascii else len(_decoded(chunk, at))
        at = end
    return found


def is_all_schemas(source: Source) -> bool:
    """Whether every document of a file is the schema of a custom resource, told from its bytes."""
    data, at = source.data, source.bom
    if not _SCHEMA_HEAD.match(data, at):
        return False
    for end in _ends(data):
        chunk = data[at:end]
        if not _is_schema(chunk) and not _BLANK.fullmatch(chunk):
            return False
        at = end
    return True


def _ends(data: bytes) -> Iterator[int]:
    for marker in _MARKER.finditer(data):
        yield marker.start() + 1
    yield len(data)


def _decoded(chunk: bytes, at: int) -> str:
    try:
        return chunk.decode()
    except UnicodeDecodeError as error:
        raise Unparsable("not UTF-8 text", at + error.start) from None


def _is_schema(chunk: bytes) -> bool:
    """Whether a document is the schema of a custom resource, which is long and names no image.

    Told from its first lines, and only where no other kind stands in it.
    """
    if _SCHEMA not in chunk:
        return False
    head = _SCHEMA_HEAD.match(chunk)
    return head is not None and not _KIND.search(chunk, head.end())


def plain(text: str) -> str:
    """One document without what means nothing here, and of the same length.

    Directives become comments, and so do the marks that end a document: what follows them is one
    more, with a mark of its own or without.
    """
    if text[:4].rstrip() == "...":
        text = f"#{text[1:]}"
    return _DIRECTIVE.sub("#", text) if text.startswith("%") or "\n%" in text else text
