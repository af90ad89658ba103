"""From a text that names an image to the use that it is, whatever the format around it."""

from collections.abc import Iterable

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Spelling, Whole
from boltseal_rules.formats import templates

ESCAPED = Opaque(
    "it is written with escapes or over several lines",
    "write the reference in one piece, then run boltseal again",
)
_SHARED = Opaque(
    "the anchor that holds it stands elsewhere, where it may be a name of another kind",
    "write the reference out where the image is named",
)
_PUT_TOGETHER = Opaque(
    "it is put together from several parts", "write the whole reference as the variable's default"
)


def shared_word(use: ImageUse) -> ImageUse:
    """The use behind an alias: a bare word is not rewritten, the anchor may hold another name."""
    if isinstance(use.spelling, Whole) and _is_bare(use):
        return use._replace(spelling=_SHARED)
    return use


def objected(use: ImageUse, objection: str) -> ImageUse:
    """The use with a reason why a digest may not be taken where it stands: its fix is unsafe."""
    spelling = use.spelling
    if isinstance(spelling, Whole):
        return use._replace(spelling=spelling._replace(objection=objection))
    return use


def _is_bare(use: ImageUse) -> bool:
    """Whether the reference is a single word, which may as well name something else."""
    image = use.image
    return image is not None and image.tag is None and not image.is_pinned and "/" not in use.text


def distinct(
    uses: Iterable[ImageUse], parts: frozenset[Span] = frozenset()
) -> tuple[ImageUse, ...]:
    """The uses by their spans, one for all aliases of an anchor.

    It can be rewritten if it can at any of these; its route is that of the first, also after a fix.
    ``parts`` are the spans that are a part of another image elsewhere: these stay.
    """
    kept: dict[tuple[Span, str], ImageUse] = {}
    for use in uses:
        if use.span in parts and isinstance(use.spelling, Whole):
            use = use._replace(spelling=_SHARED)
        key = use.span, use.text
        known = kept.setdefault(key, use)
        if isinstance(known.spelling, Opaque) and isinstance(use.spelling, Whole):
            kept[key] = known._replace(spelling=use.spelling)
    return tuple(sorted(kept.values(), key=lambda use: use.span))


def text_use(
    source: Source, place: str, route: str, text: str, span: Span | None, *, fallback: Span
) -> ImageUse:
    """The use that ``text`` is. ``span`` holds its very bytes, None where nothing does."""
    where = span or fallback
    if unknown := unknown_part(text):
        return ImageUse(source, place, route, text, None, where, unknown)
    if "$" in text:
        return _variable_use(source, place, route, text, span, where)
    reference = parse(text)
    spelling: Spelling = Whole(span) if span else ESCAPED
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    return ImageUse(source, place, route, text, reference, where, spelling)


def unknown_part(text: str) -> Opaque | None:
    """Why ``text`` says nothing yet: it is filled in by a template or by a reader."""
    if templates.is_templated(text):
        return Opaque(
            "a template fills it in", "boltseal judges the values it is filled from", True
        )
    if templates.is_placeholder(text):
        return Opaque("it is a placeholder", "put a reference in its place")
    return None


def _variable_use(
    source: Source, place: str, route: str, text: str, span: Span | None, where: Span
) -> ImageUse:
    """A text with variables in it: known as far as their defaults go."""
    from boltseal_rules.formats import variables  # most texts have none

    expansion = variables.expand(text, variables.COMPOSE, {})
    if expansion is None:
        unknown = Opaque("its variables cannot be read", "write it as ${NAME:-default}")
        return ImageUse(source, place, route, text, None, where, unknown)
    value = expansion.text
    if not value:
        names = ", ".join(expansion.unknown) or "it"
        have = "have" if len(expansion.unknown) > 1 else "has"
        unknown = Opaque(
            f"{names} {have} no default", "pin it where the variable is set, or give it a default"
        )
        return ImageUse(source, place, route, text, None, where, unknown)
    reference = parse(value)
    spelling: Spelling = _PUT_TOGETHER
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    elif expansion.literal and span:
        start, end = (span.start + len(text[:index].encode()) for index in expansion.literal)
        spelling = Whole(Span(start, end))
    return ImageUse(source, place, route, text, reference, where, spelling)
