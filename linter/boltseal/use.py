"""One use of an image: what is named, where it stands, and how it could be written back."""

from enum import StrEnum
from typing import NamedTuple

from boltseal.reference import ImageReference, InvalidReference
from boltseal.source import Source, Span


class Requirement(StrEnum):
    """What is required of an image: a digest, at least a tag that is not ``latest``, or nothing."""

    DIGEST = "digest"
    TAG = "tag"
    ANY = "any"


class Slot(NamedTuple):
    """A scalar that a fix may write: the new text goes between ``prefix`` and ``suffix``.

    The two carry what the format needs around the text: a space after a key without a value,
    quotes around a number that has to become a string.
    """

    span: Span
    prefix: str = ""
    suffix: str = ""


class Whole(NamedTuple):
    """The reference ends where ``span`` does, so that a digest goes there.

    The bytes of the span are its text, or the last piece of it where it is written in several.
    ``objection`` says what else reads the same text and may not take a digest; empty if nothing does.
    """

    span: Span
    objection: str = ""


class Split(NamedTuple):
    """The reference is spread over keys. Slots say which of them can be written.

    ``digest`` is the slot of a digest key that is there and empty; ``bare_digest`` tells that the
    key takes the hex digits alone. ``tag`` is the slot of the tag, ``tag_text`` what stands in it.
    ``tag_is_number`` tells that the format reads the tag as a number, so that it must be quoted,
    and ``tag_changes`` that it reads it as another number than is written (1.10 as 1.1).
    ``tag_takes_digest`` tells that whatever reads the tag takes a digest behind it; where it is
    known that something does not, ``objection`` says what. ``sealed`` is where the digest stands
    of a reference that has one.
    """

    tag: Slot | None = None
    tag_text: str = ""
    tag_is_number: bool = False
    tag_changes: bool = False
    digest: Slot | None = None
    bare_digest: bool = False
    tag_takes_digest: bool = False
    objection: str = ""
    sealed: Span | None = None


class Opaque(NamedTuple):
    """The reference cannot be rewritten here; ``reason`` and ``hint`` are shown to the user.

    ``elsewhere`` marks what a template fills in from another file, where it is judged;
    ``lockable`` what is pinned by a lock file or not at all.
    """

    reason: str
    hint: str
    elsewhere: bool = False
    lockable: bool = False


Spelling = Whole | Split | Opaque


class Related(NamedTuple):
    """Another place that takes part: an ``ARG`` that a ``FROM`` reads, say.

    ``source`` is the file where it stands if that is another one.
    """

    span: Span
    label: str
    source: Source | None = None


class ImageUse(NamedTuple):
    """One place in a file that names an image.

    ``text`` is the reference as written (the keys put together where it is split), ``reference``
    what it means with every default expanded; None where that cannot be known from the file, and
    then ``spelling`` is Opaque and says why. ``span`` is what a report underlines, ``route`` the
    way to it inside the file (``spec.containers[0].image``). ``artifact`` marks what is stored in
    a registry like an image and is none: a dev container feature, say. ``required`` is what the
    configuration asks of it.
    """

    source: Source
    place: str
    route: str
    text: str
    reference: ImageReference | InvalidReference | None
    span: Span
    spelling: Spelling
    related: tuple[Related, ...] = ()
    platform: str | None = None
    artifact: bool = False
    required: Requirement = Requirement.DIGEST

    @property
    def image(self) -> ImageReference | None:
        """The reference where it is known and valid."""
        return self.reference if isinstance(self.reference, ImageReference) else None
