"""Digests from an OCI image layout, a directory of images on disk.

The directory is that of the OCI image spec, image-layout.md. Nothing in it is believed before it is
checked: sizes are bounded, blobs are hashed, and no link leads out of the directory.
"""

import hashlib
import json
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from boltseal.printable import brief
from boltseal.reference import ImageReference, is_digest, parse
from boltseal.resolve.manifest import MANIFEST_TYPES, MAX_MANIFEST, inspect
from boltseal.resolve.outcome import Outcome, Resolution, Resolved, Unresolved
from boltseal.resolve.resolver import unique

_VERSION = "1.0.0"
_MAX_INDEX = 16 * 1024 * 1024
_MAX_MARKER = 4096
_NAMES = ("org.opencontainers.image.ref.name", "io.containerd.image.name")
_REPAIR = "make the layout again from its source"
_MISSING = "is missing"
_COPY = "copy the image into the layout under its full name, such as docker.io/library/nginx:1.27"


class LayoutError(Exception):
    """The directory cannot be used as an image layout. The message is one line."""


class _Entry(NamedTuple):
    """A descriptor; without a size and a type when only its digest is known."""

    digest: str
    size: int | None
    media_type: str


class LayoutResolver:
    """Resolves references from the image layout in ``directory``."""

    def __init__(self, directory: Path) -> None:
        """Read the table of contents.

        In: the directory that holds ``oci-layout`` and ``index.json``.
        Raises: LayoutError when it is not a layout of version 1.0.0.
        """
        self._root = directory
        _check_version(directory)
        self._entries = _entries(directory)
        self._names, self._has_bare_tags = _by_name(self._entries)

    @property
    def warnings(self) -> tuple[str, ...]:
        """None: a layout is read or refused."""
        return ()

    @property
    def notes(self) -> tuple[str, ...]:
        """None."""
        return ()

    def resolve(self, references: Iterable[ImageReference]) -> Resolution:
        """Find every reference by the name that its entry carries, or by its digest."""
        return {name: self._outcome(reference) for name, reference in unique(references).items()}

    def _outcome(self, reference: ImageReference) -> Outcome:
        if reference.digest is not None:
            return self._by_digest(reference.digest)
        found = self._names.get(_key(reference), ())
        if not found:
            return self._missing()
        if len({entry.digest for entry in found}) > 1:
            return Unresolved(
                "the layout has this name twice, with different digests",
                "remove one of the two from index.json",
            )
        return self._verified(found[0])

    def _by_digest(self, digest: str) -> Outcome:
        for entry, _ in self._entries:
            if entry.digest == digest:
                return self._verified(entry)
        # A platform's own manifest is listed in an index blob, not in index.json.
        outcome = self._verified(_Entry(digest, None, ""))
        if outcome == _bad_blob(digest, _MISSING):
            return Unresolved("the layout has no image of this digest", _COPY)
        return outcome

    def _missing(self) -> Unresolved:
        hint = _COPY
        if self._has_bare_tags:
            hint = f"some entries are named by a tag only, which does not say whose: {_COPY}"
        return Unresolved("the layout has no image of this name", hint)

    def _verified(self, entry: _Entry) -> Outcome:
        if not is_digest(entry.digest):
            shown = brief(entry.digest)
            return Unresolved(f"the layout gives '{shown}', which is not a digest", _REPAIR)
        if entry.media_type and entry.media_type not in MANIFEST_TYPES:
            kind = brief(entry.media_type)
            return Unresolved(f"the layout's entry is of type '{kind}', not an image", _COPY)
        algorithm, _, hexadecimal = entry.digest.partition(":")
        body = _read(self._root, f"blobs/{algorithm}/{hexadecimal}", MAX_MANIFEST)
        if isinstance(body, str):
            return _bad_blob(entry.digest, body)
        if entry.size is not None and entry.size != len(body):
            return _bad_blob(entry.digest, "is not of the size listed")
        if hashlib.new(algorithm, body).hexdigest() != hexadecimal:
            return _bad_blob(entry.digest, "does not have that hash")
        manifest = inspect(body, entry.media_type)
        if isinstance(manifest, Unresolved):
            return manifest._replace(hint=_REPAIR)
        return Resolved(entry.digest, manifest.media_type)


def _bad_blob(digest: str, problem: str) -> Unresolved:
    return Unresolved(f"the layout's blob {digest} {problem}", _REPAIR)


def _key(reference: ImageReference) -> str:
    """The canonical form, with the host's letters as DNS compares them."""
    return reference._replace(registry=reference.registry.lower()).canonical


def _check_version(root: Path) -> None:
    if not root.is_dir():
        raise LayoutError(f"{_shown(root)} is not a directory")
    marker = _object(root, "oci-layout", _MAX_MARKER)
    version = marker.get("imageLayoutVersion")
    if version != _VERSION:
        raise LayoutError(
            f"{_shown(root)} is an image layout of version '{brief(str(version))}', not {_VERSION}"
        )


def _entries(root: Path) -> list[tuple[_Entry, tuple[str, ...]]]:
    """The entries of index.json, each with the names it carries."""
    manifests = _object(root, "index.json", _MAX_INDEX).get("manifests")
    if not isinstance(manifests, list):
        raise LayoutError(f"{_shown(root / 'index.json')} has no list of 'manifests'")
    return [_entry(item) for item in manifests if isinstance(item, dict)]


def _entry(item: Mapping[str, Any]) -> tuple[_Entry, tuple[str, ...]]:
    annotations = item.get("annotations")
    if not isinstance(annotations, dict):
        annotations = {}
    names = [annotations.get(name) for name in _NAMES]
    size = item.get("size")
    if not isinstance(size, int) or isinstance(size, bool):
        size = -1  # A descriptor has a size (OCI image spec, descriptor.md): no blob has this one.
    entry = _Entry(str(item.get("digest")), size, str(item.get("mediaType")))
    return entry, tuple(name for name in names if isinstance(name, str))


def _by_name(
    entries: Iterable[tuple[_Entry, tuple[str, ...]]],
) -> tuple[dict[str, list[_Entry]], bool]:
    """Entries by canonical name, and whether any is named by a bare tag."""
    found: dict[str, list[_Entry]] = {}
    bare_tags = False
    for entry, names in entries:
        for name in names:
            if "/" not in name and ":" not in name:
                bare_tags = True
                continue
            reference = parse(name)
            if isinstance(reference, ImageReference):
                found.setdefault(_key(reference), []).append(entry)
    return found, bare_tags


def _object(root: Path, name: str, limit: int) -> dict[str, Any]:
    data = _read(root, name, limit)
    if isinstance(data, str):
        raise LayoutError(f"{_shown(root)} is not an image layout: {name} {data}")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise LayoutError(f"{_shown(root / name)} is not JSON") from None
    if not isinstance(document, dict):
        raise LayoutError(f"{_shown(root / name)} is not a JSON object")
    return document


def _read(root: Path, name: str, limit: int) -> bytes | str:
    """Read a file of the layout: its bytes, or what is wrong with it (to follow its name)."""
    try:
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root.resolve()):
            return "is a link that leads out of the layout"
        if not stat.S_ISREG(path.stat().st_mode):
            return "is not a file"
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        return _MISSING
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        return f"cannot be read ({brief(getattr(error, 'strerror', None) or 'a loop of links')})"
    return data if len(data) <= limit else f"is larger than {limit} bytes"


def _shown(path: Path) -> str:
    return brief(str(path), limit=200)
