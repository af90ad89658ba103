"""A file of another format in a heredoc or a string of HCL."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Slot, Spelling, Split, Whole
from boltseal_rules.formats.hcl import Text
from boltseal_rules.formats.yaml_tree import Node, masked_documents
from boltseal_rules.hcl.images import not_known
from boltseal_rules.places import dockerfile

STAND_IN = "\ue001"
"""What stands for the characters that a template of HCL fills in."""

_CHARACTER = re.compile(r"[^\r\n]")
_NOTHING_ELSE = re.compile(rf"^[ \t]*{STAND_IN}[ \t{STAND_IN}]*(?=\r?$)", re.MULTILINE)


class Nested(NamedTuple):
    """The inner file, its text with templates blotted out, and where it begins in the outer one."""

    source: Source
    masked: str
    offset: int


def nested(source: Source, text: Text) -> Nested | None:
    """The file that a string holds; None where it is written with escapes."""
    start, end = text.body
    raw = source.text[start:end]
    if not text.heredoc and "\\" in raw:
        return None
    first, last = source.byte_offset(start), source.byte_offset(end)
    inner = Source(source.path, source.data[first:last])
    return Nested(inner, _masked(source.text, text), first)


def _masked(whole: str, text: Text) -> str:
    """The text with stand-ins for templates; a line of nothing else is empty."""
    pieces = (
        whole[part.start : part.end]
        if part.is_literal
        else _CHARACTER.sub(STAND_IN, whole[part.start : part.end])
        for part in text.parts
    )
    return _NOTHING_ELSE.sub(lambda line: " " * len(line[0]), "".join(pieces))


def yaml_roots(inner: Nested) -> Iterator[Node]:
    """The roots of the YAML documents, JSON among them, that can be read."""
    for document in masked_documents(inner.source, inner.masked, None):
        if document.root is not None:
            yield document.root


def moved(source: Source, inner: Nested, uses: Iterable[ImageUse]) -> Iterator[ImageUse]:
    """The uses of an inner file as uses of the outer one."""
    for use in uses:
        shifted = use._replace(
            source=source,
            span=_shifted(use.span, inner.offset),
            spelling=_spelling(use.spelling, inner.offset),
        )
        yield filled(shifted)


def filled(use: ImageUse) -> ImageUse:
    """The use; a note where a template of HCL has a part in it."""
    if STAND_IN not in use.text:
        return use
    written = use.source.slice(use.span).decode("utf-8", "replace").strip("\"'")
    return use._replace(text=written, reference=None, spelling=not_known(""))


def _spelling(spelling: Spelling, offset: int) -> Spelling:
    if isinstance(spelling, Whole):
        return Whole(_shifted(spelling.span, offset))
    if isinstance(spelling, Split):
        tag, digest = (
            Slot(_shifted(slot.span, offset), slot.prefix, slot.suffix) if slot else None
            for slot in (spelling.tag, spelling.digest)
        )
        sealed = _shifted(spelling.sealed, offset) if spelling.sealed else None
        return spelling._replace(tag=tag, digest=digest, sealed=sealed)
    return spelling


def _shifted(span: Span, offset: int) -> Span:
    return Span(span.start + offset, span.end + offset)


def dockerfile_uses(source: Source, place: str, route: str, text: Text) -> list[ImageUse]:
    """The images of a Dockerfile in a string.

    What stands in a ``${}`` of HCL is read as a variable of the Dockerfile without a value.
    Raises Unparsable at the string where it is no Dockerfile.
    """
    start, end = (source.byte_offset(index) for index in text.body)
    whole = Span(start, end)
    raw = source.data[start:end]
    is_verbatim = text.heredoc or b"\\" not in raw
    data = raw if text.value is None or is_verbatim else text.value.encode("utf-8", "replace")
    move: Callable[[Span], Span | None] = (
        (lambda span: _shifted(span, start)) if is_verbatim else (lambda _: None)
    )
    try:
        return dockerfile.find_in(source, data, move, within=whole, place=place, route=route)
    except Unparsable as problem:
        raise Unparsable(f"its Dockerfile: {problem.reason}", start) from None
