"""Platforms: which of the images behind one name runs where (OCI image spec, image-index.md)."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from boltseal.pattern import pattern
from boltseal.printable import brief
from boltseal.reference import is_digest
from boltseal.resolve.manifest import INDEX_TYPES, MANIFEST_TYPES
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved

_PART = pattern(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
# What people and older images call an architecture, and what it is called since (containerd's
# platforms package).
_NAMES = {
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
    "i386": ("386", ""),
}
# The variant that is meant where none is written, and that is not written where it is meant.
_USUAL = {"arm64": "v8", "amd64": "v1", "arm": "v7"}
_MAX_SHOWN = 12


class Platform(NamedTuple):
    """An operating system and a processor. ``variant`` is '' where it is the usual one.

    ``os_version`` is '' but for Windows, whose images run on one build of it.
    """

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""

    def __str__(self) -> str:
        """As ``os/architecture[/variant]``."""
        variant = f"/{self.variant}" if self.variant else ""
        version = f" ({self.os_version})" if self.os_version else ""
        return f"{self.os}/{self.architecture}{variant}{version}"


class Child(NamedTuple):
    """One image of an index: its platform, digest and media type."""

    platform: Platform
    digest: str
    media_type: str


def parse_platform(text: str) -> Platform | None:
    """Read ``os/architecture[/variant]``; None where it is something else."""
    parts = text.split("/")
    if len(parts) not in (2, 3) or not all(map(_PART.fullmatch, parts)):
        return None
    return _normal(parts[0], parts[1], parts[2] if len(parts) == 3 else "")


def described(document: Mapping[str, Any]) -> Platform | None:
    """The platform that an index entry's ``platform`` or an image's configuration names."""
    values = [document.get(key, "") for key in ("os", "architecture", "variant", "os.version")]
    if not all(isinstance(value, str) for value in values):
        return None
    system, architecture, variant, version = values
    if not _PART.fullmatch(system) or not _PART.fullmatch(architecture):
        return None
    platform = _normal(system, architecture, brief(variant) if variant else "")
    return platform._replace(os_version=_build(version) if platform.os == "windows" else "")


def of_configuration(body: bytes) -> Platform | None:
    """The platform of an image, from its configuration (OCI image spec, config.md)."""
    document = _object(body)
    return described(document) if document is not None else None


def configuration_digest(body: bytes) -> str | None:
    """The digest of the configuration that a manifest names (OCI image spec, manifest.md)."""
    document = _object(body)
    config = document.get("config") if document is not None else None
    digest = config.get("digest") if isinstance(config, dict) else None
    return digest if isinstance(digest, str) and is_digest(digest) else None


def select(body: bytes, wanted: Platform) -> Outcome:
    """The image for one platform.

    In: the bytes of an index, and the platform. Out: the digest of its image, or why there is not
    exactly one.
    """
    there = list(_children(body))
    found = {child.digest: child for child in there if suits(child.platform, wanted)}
    if len(found) == 1:
        child = next(iter(found.values()))
        return Resolved(child.digest, child.media_type)
    if found:
        return Unresolved(
            f"the image has {len(found)} entries for {wanted}",
            "they differ in what a platform does not say; write the digest of one of them by hand",
        )
    return no_platform(wanted, [child.platform for child in there])


def no_platform(wanted: Platform, there: list[Platform]) -> Unresolved:
    """The platform is not there; the hint says which are."""
    names = list(dict.fromkeys(map(str, there)))
    more = f" and {len(names) - _MAX_SHOWN} more" if len(names) > _MAX_SHOWN else ""
    hint = f"it has {', '.join(names[:_MAX_SHOWN])}{more}" if names else "it names no platform"
    return Unresolved(f"the image is not there for {wanted}", hint)


def _children(body: bytes) -> Iterator[Child]:
    """The images of an index. Attestations and what has no platform are none."""
    document = _object(body)
    entries = document.get("manifests") if document is not None else None
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("platform"), dict):
            continue
        platform = described(entry["platform"])
        digest, kind = str(entry.get("digest")), str(entry.get("mediaType"))
        if platform is None or platform.os == "unknown" or kind not in MANIFEST_TYPES - INDEX_TYPES:
            continue
        if is_digest(digest):
            yield Child(platform, digest, kind)


def suits(platform: Platform, wanted: Platform) -> bool:
    """Whether an image for ``platform`` is one for ``wanted``, which may leave the build open."""
    if platform[:3] != wanted[:3]:
        return False
    return not wanted.os_version or platform.os_version == wanted.os_version


def _normal(system: str, architecture: str, variant: str) -> Platform:
    architecture, variant = architecture.lower(), variant.lower()
    if architecture in _NAMES:
        architecture, implied = _NAMES[architecture]
        variant = variant or implied
    if architecture in ("arm", "arm64") and variant.isdigit():
        variant = f"v{variant}"
    if _USUAL.get(architecture) == variant:
        variant = ""
    return Platform(system.lower(), architecture, variant)


def _build(version: str) -> str:
    """The part of a Windows version that decides where it runs: ``10.0.20348``."""
    parts = version.split(".")[:3]
    return ".".join(parts) if all(part.isdigit() for part in parts) else ""


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
