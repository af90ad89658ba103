"""How a use is sealed: the edits that write a digest into it, by its spelling."""

from boltseal.edit import Edit, Fix, Safety
from boltseal.reference import DEFAULT_TAG, ImageReference
from boltseal.source import Span
from boltseal.use import ImageUse, Opaque, Slot, Split

_BARE = "sha256:"
"""What stands before the digest where a key takes the hex digits alone."""


def safety(use: ImageUse) -> Safety | None:
    """How safely a use could be sealed, known without a digest. None: it cannot be.

    One that is sealed can be sealed anew where it has a tag, which says what to ask for: whatever
    reads its digest takes another one as well.
    """
    image = use.image
    if image is None or isinstance(use.spelling, Opaque):
        return None
    if image.is_pinned:
        return Safety.SAFE if image.tag and _sealed_at(use, image) else None
    if isinstance(use.spelling, Split):
        known = use.spelling.digest is not None or use.spelling.tag_takes_digest
        broken = use.spelling.tag_changes or use.spelling.objection
        return Safety.SAFE if known and not broken else Safety.UNSAFE
    return Safety.UNSAFE if use.spelling.objection else Safety.SAFE


def seal(use: ImageUse, digest: str) -> Fix:
    """The fix that seals a use to ``digest``, keeping its tag. Only for uses that have a safety.

    A digest that it has already is replaced.
    """
    image, safe = use.image, safety(use)
    if image is None or safe is None:
        raise ValueError(f"{use.text!r} cannot be sealed")
    return Fix(_edits(use, image, digest), safe)


def _edits(use: ImageUse, image: ImageReference, digest: str) -> tuple[Edit, ...]:
    spelling = use.spelling
    old = _sealed_at(use, image)
    if old is not None:
        written = use.source.slice(old)
        new = digest if b":" in written else digest.removeprefix(_BARE)
        return (Edit(old, written, new.encode()),)
    if isinstance(spelling, Split):
        return _split_edits(use, spelling, digest)
    if isinstance(spelling, Opaque):
        return ()
    written = use.source.slice(spelling.span)
    tag = "" if image.tag else f":{DEFAULT_TAG}"
    return (Edit(spelling.span, written, written + f"{tag}@{digest}".encode()),)


def _sealed_at(use: ImageUse, image: ImageReference) -> Span | None:
    """Where the digest of a use stands letter by letter; None where it has none, or not so."""
    spelling = use.spelling
    if image.digest is None or isinstance(spelling, Opaque):
        return None
    span = spelling.sealed if isinstance(spelling, Split) else spelling.span
    if span is None:
        return None
    forms = (image.digest, image.digest.removeprefix(_BARE)) if isinstance(spelling, Split) else ()
    for form in forms or (image.digest,):
        at = use.source.slice(span).rfind(form.encode())
        if at >= 0:
            return Span(span.start + at, span.start + at + len(form))
    return None


def _split_edits(use: ImageUse, split: Split, digest: str) -> tuple[Edit, ...]:
    if split.digest is None:
        return (_put(use, split.tag, f"{split.tag_text}@{digest}"),) if split.tag else ()
    value = digest.partition(":")[2] if split.bare_digest else digest
    edits = [_put(use, split.digest, value)]
    if split.tag and split.tag_is_number:
        edits.append(_put(use, split.tag, split.tag_text))
    return tuple(edits)


def _put(use: ImageUse, slot: Slot, text: str) -> Edit:
    return Edit(
        slot.span, use.source.slice(slot.span), f"{slot.prefix}{text}{slot.suffix}".encode()
    )
