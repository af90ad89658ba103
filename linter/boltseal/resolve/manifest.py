"""The four manifest types, and whether a document is one of them."""

import json
from typing import NamedTuple

from boltseal.printable import brief
from boltseal.resolve.outcome import Unresolved

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"

INDEX_TYPES = frozenset({OCI_INDEX, DOCKER_LIST})
MANIFEST_TYPES = INDEX_TYPES | {OCI_MANIFEST, DOCKER_MANIFEST}
SCHEMA_1_TYPES = frozenset(
    {
        "application/vnd.docker.distribution.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
    }
)
MAX_MANIFEST = 4 * 1024 * 1024
"""The largest manifest that is read, in bytes (OCI distribution spec, "Pushing Manifests")."""

SCHEMA_1 = Unresolved(
    "the image has the retired schema 1 format, whose digest is not the hash of its bytes",
    "push the image again with a current tool",
)


class Manifest(NamedTuple):
    """A document that passed: its media type, one of ``MANIFEST_TYPES``."""

    media_type: str


class Document(NamedTuple):
    """The bytes of a manifest that passed and that has the digest asked for, and its media type."""

    body: bytes
    media_type: str


def bare_type(header: str) -> str:
    """A Content-Type without its parameters (RFC 9110 section 8.3.1)."""
    return header.partition(";")[0].strip().lower()


def inspect(body: bytes, declared: str) -> Manifest | Unresolved:
    """Say what kind of manifest ``body`` is.

    In: the raw bytes, and the media type it came with ('' when it came with none).
    Out: its media type, or why it is none of the four. A document that could be read as two
    kinds is refused (OCI image spec, manifest.md and image-index.md: CVE-2021-41190).
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _refusal("what it sent is not JSON")
    if not isinstance(document, dict):
        return _refusal("what it sent is not a JSON object")
    if declared in SCHEMA_1_TYPES or document.get("schemaVersion") == 1:
        return SCHEMA_1
    written = document.get("mediaType", declared)
    if not isinstance(written, str) or (declared and written != declared):
        return _refusal(
            f"its media type is '{brief(declared)}' outside and '{brief(str(written))}' inside"
        )
    if written not in MANIFEST_TYPES:
        return _refusal(f"'{brief(written)}' is not the type of an image")
    strange = {"layers", "config", "fsLayers"} if written in INDEX_TYPES else {"manifests"}
    both = sorted(strange & document.keys())
    if both:
        return _refusal(f"it is declared '{written}' and has '{both[0]}'")
    if written in INDEX_TYPES and not isinstance(document.get("manifests"), list):
        return _refusal(f"it is declared '{written}' and has no 'manifests'")
    return Manifest(written)


def _refusal(reason: str) -> Unresolved:
    return Unresolved(f"not an image manifest: {reason}", "see what the registry serves under it")
