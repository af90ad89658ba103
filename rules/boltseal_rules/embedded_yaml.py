"""YAML written inside a YAML scalar: values of a chart, a patch, a manifest in a ConfigMap."""

from collections.abc import Callable, Iterable

from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque, Slot, Spelling, Split, Whole
from boltseal_rules.block import Block, block
from boltseal_rules.formats import templates
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Node, Scalar, join
from boltseal_rules.helm.template_lines import line_uses
from boltseal_rules.literal import shown
from boltseal_rules.text_use import ESCAPED

_MAX_DEPTH = 3
"""Texts inside one another beyond which no more are opened."""

Find = Callable[[Source, str, Node], Iterable[ImageUse]]
"""What finds the uses below a document's root: it is handed the source, the place and the root."""


class _Text(Source):
    """A text as a file of its own, which knows how many texts it stands in."""

    def __init__(self, outer: Source, scalar: Scalar) -> None:
        super().__init__(outer.path, scalar.value.encode("utf-8", "surrogatepass"), outer.tree)
        self.depth: int = outer.depth + 1 if isinstance(outer, _Text) else 1


def embedded_uses(
    source: Source, place: str, route: str, scalar: Scalar, find: Find
) -> list[ImageUse]:
    """The uses that ``find`` makes out in the documents of the text that ``scalar`` holds.

    Their spans are those of ``source``. They can be rewritten where the text stands there line by
    line; in one that is folded or escaped they are found all the same. ``route`` leads to the text.
    Raises Unparsable at the scalar where its text is no YAML; one with a template's actions in it
    is then read line by line.
    """
    text = _Text(source, scalar)
    if text.depth > _MAX_DEPTH:
        return []
    whole = shown(source, scalar)
    try:
        found = document_uses(text, place, find)
    except Unparsable as problem:
        raise Unparsable(f"the text in it: {problem.reason}", whole.start) from None
    where = block(source, scalar)
    return [moved(use, source, where, whole, route) for use in found]


def document_uses(text: Source, place: str, find: Find) -> list[ImageUse]:
    """The uses that ``find`` makes out in the documents of a text, where they stand in the text.

    Raises Unparsable where it is no YAML and no template of it.
    """
    found: list[ImageUse] = []
    for document in templated_documents(text):
        if document.problem and not templates.is_templated(text.text):
            raise document.problem
        if document.problem:
            found += line_uses(text, place, document)
        elif document.root is not None:
            found += find(text, place, document.root)
    return found


def moved(use: ImageUse, source: Source, where: Block, whole: Span, route: str) -> ImageUse:
    """A use of a text as one of ``source``, in which the text stands at ``where``.

    ``whole`` is what to underline where it does not stand letter by letter, ``route`` leads to it.
    """
    related = (
        it if it.source else it._replace(span=where.move(it.span) or whole) for it in use.related
    )
    return use._replace(
        source=source,
        route=f"{route}{use.route}" if use.route.startswith("[") else join(route, use.route),
        span=where.move(use.span) or whole,
        spelling=_spelling(use.spelling, where),
        related=tuple(related),
    )


def _spelling(spelling: Spelling, where: Block) -> Spelling:
    if isinstance(spelling, Opaque):
        return spelling
    if isinstance(spelling, Whole):
        span = where.move(spelling.span)
        return Whole(span) if span else ESCAPED
    return _split(spelling, where)


def _split(spelling: Split, where: Block) -> Spelling:
    """Parts in keys: what is written around them (quotes, a line) fits into a block alone."""
    tag, digest = _slot(spelling.tag, where), _slot(spelling.digest, where)
    if (tag is None) != (spelling.tag is None) or (digest is None) != (spelling.digest is None):
        return ESCAPED
    sealed = where.move(spelling.sealed) if spelling.sealed else None
    return spelling._replace(tag=tag, digest=digest, sealed=sealed)


def _slot(slot: Slot | None, where: Block) -> Slot | None:
    span = where.move(slot.span) if slot and where.line_break is not None else None
    if slot is None or span is None:
        return None
    return Slot(span, slot.prefix.replace("\n", where.line_break or ""), slot.suffix)
