"""Which digest a reference is sealed to: that of all its platforms, or of one of them."""

from typing import NamedTuple, Protocol

from boltseal.reference import ImageReference
from boltseal.resolve.manifest import INDEX_TYPES, Document
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.resolve.platform import (
    Platform,
    configuration_digest,
    no_platform,
    of_configuration,
    select,
    suits,
)

_ALL_OR_ONE = (
    "remove the digest and run 'boltseal fix' to seal all platforms; with '--platform' one of them"
)
_UNKNOWN = Unresolved(
    "its digest is of one image that names no platform, and the tag is of several now", _ALL_OR_ONE
)


class Target(NamedTuple):
    """What is asked of every reference of a run.

    ``platform``: seal to the image for this platform; None for all that the tag has.
    ``update``: ask what the tag of a sealed reference is now; else whether its digest is there.
    ``verify``: hash what the registry sends; else take its word for the digest.
    """

    platform: Platform | None = None
    update: bool = False
    verify: bool = False


ALL_PLATFORMS = Target()
"""What a tag stands for, as the registry says it."""


class Images(Protocol):
    """The images of one repository, wherever they are kept."""

    async def look_up(self, reference: ImageReference) -> Outcome:
        """The digest that a reference stands for; of a reference with a digest, if it is there."""
        ...

    async def manifest(self, digest: str) -> Document | Unresolved:
        """The manifest of this digest, checked against it."""
        ...

    async def blob(self, digest: str) -> bytes | Unresolved:
        """The blob of this digest, checked against it and no larger than a manifest."""
        ...


async def find(reference: ImageReference, target: Target, images: Images) -> Outcome:
    """The digest that a reference is to be sealed to.

    In: the reference, what is wanted, and where its images are. Out: the digest, or why there is
    none. A digest is kept where the tag still is the same image; a digest of one platform is
    followed by one of the same platform. Raises what ``images`` raises.
    """
    if reference.digest is None or reference.tag is None or not target.update:
        found = await images.look_up(reference)
        return await _narrowed(found, target.platform, images)
    found = await images.look_up(reference._replace(digest=None))
    if target.platform is not None:
        return await _narrowed(found, target.platform, images)
    if isinstance(found, Unresolved) or found.digest == reference.digest:
        return found
    return await _followed(found, reference._replace(tag=None), images)


async def _narrowed(found: Outcome, platform: Platform | None, images: Images) -> Outcome:
    """From what a tag stands for to its image for one platform."""
    if platform is None or isinstance(found, Unresolved):
        return found
    document = await images.manifest(found.digest)
    if isinstance(document, Unresolved):
        return document
    if document.media_type in INDEX_TYPES:
        return select(document.body, platform)
    there = await _platform(document, images)
    if isinstance(there, Unresolved):
        return there
    if there is not None and suits(there, platform):
        return found
    return no_platform(platform, [there] if there else [])


async def _followed(found: Resolved, sealed: ImageReference, images: Images) -> Outcome:
    """What a sealed tag is now, for the platforms of its digest."""
    old = await images.look_up(sealed)
    if isinstance(old, Unresolved):
        if not old.gone:
            return old
        reason = f"{old.reason}, so that nothing tells which platforms it was for"
        return old._replace(reason=reason, hint=_ALL_OR_ONE)
    if old.media_type in INDEX_TYPES:
        return found
    document = await images.manifest(old.digest)
    if isinstance(document, Unresolved):
        return document
    platform = await _platform(document, images)
    if isinstance(platform, Unresolved):
        return platform
    if platform is not None:
        return await _narrowed(found, platform, images)
    return _UNKNOWN if found.media_type in INDEX_TYPES else found


async def _platform(document: Document, images: Images) -> Platform | Unresolved | None:
    """The platform of one image; None where its configuration names none, as of an artifact."""
    digest = configuration_digest(document.body)
    if digest is None:
        return None
    blob = await images.blob(digest)
    if isinstance(blob, Unresolved):
        # The image is there: what is gone is a part of it.
        return blob._replace(gone=False)
    return of_configuration(blob)
