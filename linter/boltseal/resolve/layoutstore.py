"""The blobs of an image layout by digest, none of which is believed before it is hashed."""

import hashlib
import json

from boltseal.printable import brief
from boltseal.reference import is_digest
from boltseal.resolve.layoutfiles import LayoutFiles
from boltseal.resolve.manifest import (
    MAX_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Document,
    Manifest,
    inspect,
)
from boltseal.resolve.outcome import Unresolved

REPAIR = "make the layout again from its source"


class LayoutStore:
    """Gives the bytes behind digests. Raises nothing."""

    def __init__(self, files: LayoutFiles) -> None:
        self._files = files

    async def manifest(self, digest: str) -> Document | Unresolved:
        """In: a digest. Out: the manifest of it, or why there is none."""
        body = blob(self._files, digest, MAX_MANIFEST)
        if isinstance(body, Unresolved):
            return body
        manifest = kind_of(body, "")
        return manifest if isinstance(manifest, Unresolved) else Document(body, manifest.media_type)

    async def blob(self, digest: str) -> bytes | Unresolved:
        """In: a digest of what is no larger than a manifest. Out: the bytes, or why not."""
        return blob(self._files, digest, MAX_MANIFEST)


def path_of(digest: str) -> str:
    """The name of the file of a blob (OCI image spec, image-layout.md)."""
    algorithm, _, encoded = digest.partition(":")
    return f"blobs/{algorithm}/{encoded}"


def blob(
    files: LayoutFiles, digest: str, limit: int, size: int | None = None
) -> bytes | Unresolved:
    """The blob of a digest.

    In: the digest, the most bytes that are read, and how many there have to be, where it is known.
    Out: bytes that have this digest, or why there are none.
    """
    if not is_digest(digest):
        return Unresolved(f"the layout gives '{brief(digest)}', which is not a digest", REPAIR)
    body = files.read(path_of(digest), limit)
    if isinstance(body, str):
        return _bad(digest, body)
    if size is not None and size != len(body):
        return _bad(digest, "is not of the size listed")
    algorithm, _, encoded = digest.partition(":")
    if hashlib.new(algorithm, body).hexdigest() != encoded:
        return _bad(digest, "does not have that hash")
    return body


def kind_of(body: bytes, listed: str) -> Manifest | Unresolved:
    """What kind of manifest ``body`` is.

    In: its bytes, and the media type that lists it, '' where nothing does.
    Out: as of ``manifest.inspect``; what an OCI manifest leaves unsaid is told by its shape.
    """
    manifest = inspect(body, listed or _by_shape(body))
    return manifest._replace(hint=REPAIR) if isinstance(manifest, Unresolved) else manifest


def _by_shape(body: bytes) -> str:
    """The OCI type of a document without ``mediaType``, which there is optional; else ''."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict) or "mediaType" in document:
        return ""
    if "manifests" in document:
        return OCI_INDEX
    return OCI_MANIFEST if document.keys() >= {"config", "layers"} else ""


def _bad(digest: str, problem: str) -> Unresolved:
    return Unresolved(f"the layout's blob {digest} {problem}", REPAIR)
