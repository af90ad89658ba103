"""A manifest of a pod written inside a string of a script."""

import re
from typing import NamedTuple

from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related, Slot, Spelling, Split, Whole
from boltseal_rules.formats.groovy import Token
from boltseal_rules.formats.yaml_tree import documents
from boltseal_rules.kubernetes.manifest import object_uses
from boltseal_rules.text_use import ESCAPED

_INTERPOLATED = re.compile(r"(?<!\\)\$\{?[A-Za-z_]")
_NOT_SET = Opaque("a script fills it in", "pin it where the script sets it")


def pod_uses(source: Source, place: str, route: str, string: Token) -> list[ImageUse]:
    """The images of the manifest that a string is; none where it is no YAML.

    A string with escapes is read as it is written, and what is found in it is only reported.
    """
    inner = Source(source.path, string.text.encode())
    move = _Move(source, source.byte_offset(string.start))
    uses: list[ImageUse] = []
    for document in documents(inner):
        for use in object_uses(inner, place, document.root):
            moved = move.use(use, route)
            if _INTERPOLATED.search(use.text) and '"' in string.quote:
                moved = moved._replace(reference=None, spelling=_NOT_SET)
            elif "\\" in string.text and not isinstance(moved.spelling, Opaque):
                moved = moved._replace(spelling=ESCAPED)
            uses.append(moved)
    return uses


class _Move(NamedTuple):
    """From the bytes of a string to those of the file that it stands in."""

    source: Source
    by: int

    def use(self, use: ImageUse, route: str) -> ImageUse:
        related = tuple(Related(self.span(it.span), it.label) for it in use.related)
        return use._replace(
            source=self.source,
            route=f"{route}.{use.route}",
            span=self.span(use.span),
            spelling=self.spelling(use.spelling),
            related=related,
        )

    def span(self, span: Span) -> Span:
        return Span(span.start + self.by, span.end + self.by)

    def spelling(self, spelling: Spelling) -> Spelling:
        if isinstance(spelling, Whole):
            return Whole(self.span(spelling.span))
        if isinstance(spelling, Split):
            tag, digest = self.slot(spelling.tag), self.slot(spelling.digest)
            sealed = self.span(spelling.sealed) if spelling.sealed else None
            return spelling._replace(tag=tag, digest=digest, sealed=sealed)
        return spelling

    def slot(self, slot: Slot | None) -> Slot | None:
        return slot._replace(span=self.span(slot.span)) if slot else None
