"""Lines that Flux rewrites by itself: a digest that it does not know of would stay behind."""

from collections.abc import Iterable

from boltseal.use import ImageUse, Split
from boltseal_rules.text_use import objected

_MARKER = '"$imagepolicy"'
_MOVED = "Flux's image automation moves the tag on this line and would leave the digest as it is"


def watched(uses: Iterable[ImageUse]) -> list[ImageUse]:
    """The uses, those on a line with a marker of the automation with an objection to their fix.

    The markers are those of https://fluxcd.io/flux/guides/image-update/.
    """
    uses = list(uses)
    sources = {use.source for use in uses}
    marked = {source for source in sources if _MARKER.encode() in source.data}
    return [_objected(use) if use.source in marked and _is_marked(use) else use for use in uses]


def _is_marked(use: ImageUse) -> bool:
    return _MARKER in use.source.line_text(use.source.line_of(use.span.start))


def _objected(use: ImageUse) -> ImageUse:
    if isinstance(use.spelling, Split):
        return use._replace(spelling=use.spelling._replace(objection=_MOVED))
    return objected(use, _MOVED)
