"""Digests from an OCI image layout: images on disk, in a directory or a tar archive.

The format is that of the OCI image spec, image-layout.md. Nothing in it is believed before it is
checked: sizes are bounded, blobs are hashed, and no link leads out of it.
"""

import json
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from boltseal.printable import brief
from boltseal.reference import ImageReference, is_digest, parse
from boltseal.resolve import dockersave
from boltseal.resolve.layoutfiles import DirectoryFiles, LayoutError, LayoutFiles, shown
from boltseal.resolve.layoutstore import LayoutStore, blob, kind_of, path_of
from boltseal.resolve.layouttar import TarFiles
from boltseal.resolve.manifest import MANIFEST_TYPES, MAX_MANIFEST
from boltseal.resolve.outcome import Outcome, Resolution, Resolved, Unresolved
from boltseal.resolve.resolver import unique
from boltseal.resolve.target import ALL_PLATFORMS, Target, find

_VERSION = "1.0.0"
_MARKER, _INDEX = "oci-layout", "index.json"
_MAX_INDEX = 16 * 1024 * 1024
_MAX_MARKER = 4096
_NAMES = ("org.opencontainers.image.ref.name", "io.containerd.image.name")
# Safe in a shell, and in skopeo's name of a layout, where ':' ends the directory.
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./-]*", re.ASCII)
_SKOPEO = "skopeo copy --all --preserve-digests"
_MAX_COMMAND = 160
_COPY = "copy the image into the layout under its full name, such as docker.io/library/nginx:1.27"


class _Entry(NamedTuple):
    """An entry of the index; without a size and a type when only its digest is known.

    ``came_from`` are the repositories that it is said to be from. ``has_platform`` tells that the
    entry was taken out of an index, whose entries alone need one.
    """

    digest: str
    size: int | None
    media_type: str
    came_from: frozenset[str] = frozenset()
    has_platform: bool = False


class LayoutResolver:
    """Resolves references from the image layout at ``path``."""

    def __init__(self, path: Path, target: Target = ALL_PLATFORMS) -> None:
        """Read the table of contents.

        In: the directory that holds ``oci-layout`` and ``index.json``, or a tar archive of what
        it holds; and which digest is wanted.
        Raises: LayoutError when it is not a layout of version 1.0.0, or a docker-archive.
        """
        self._target = target
        self._files = _open(path)
        self._directory = str(path) if path.is_dir() and _PLAIN.fullmatch(str(path)) else ""
        _check_version(self._files)
        self._entries = _entries(self._files)
        self._names, self._has_bare_tags = _by_name(self._entries)
        self._is_saved = dockersave.is_saved(self._files)
        if self._is_saved and not any(entry.came_from for entry, _ in self._entries):
            raise dockersave.docker_archive(self._files)

    @property
    def warnings(self) -> tuple[str, ...]:
        """None: a layout is read or refused."""
        return ()

    @property
    def notes(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def store(self) -> "LayoutImages":
        """The images of the layout."""
        return LayoutImages(self._files, self._outcome)

    def resolve(self, references: Iterable[ImageReference]) -> Resolution:
        """Find every reference by the name that its entry carries, or by its digest."""
        import asyncio  # slow to import, and only now needed

        return asyncio.run(self._resolve(unique(references)))

    async def _resolve(self, references: Mapping[str, ImageReference]) -> Resolution:
        images = self.store
        return {name: await find(it, self._target, images) for name, it in references.items()}

    def _outcome(self, reference: ImageReference) -> Outcome:
        if reference.digest is not None:
            return self._by_digest(reference.digest)
        found = self._names.get(_key(reference), ())
        if not found:
            return self._missing(reference)
        if len({entry.digest for entry in found}) > 1:
            return Unresolved(
                "the layout has this name twice, with different digests",
                "remove one of the two from index.json",
            )
        return self._objection(reference, found) or self._verified(found[0])

    def _objection(self, reference: ImageReference, found: list[_Entry]) -> Unresolved | None:
        if not self._is_saved:
            return None
        came_from = frozenset[str]().union(*(entry.came_from for entry in found))
        one_of_several = any(entry.has_platform for entry in found)
        return dockersave.objection(reference, came_from, one_of_several=one_of_several)

    def _by_digest(self, digest: str) -> Outcome:
        for entry, _ in self._entries:
            if entry.digest == digest:
                return self._verified(entry)
        # A platform's own manifest is listed in an index blob, not in index.json.
        if self._files.has(path_of(digest)):
            return self._verified(_Entry(digest, None, ""))
        return Unresolved("the layout has no image of this digest", _COPY)

    def _missing(self, reference: ImageReference) -> Unresolved:
        name = reference.canonical
        hint = f"copy the image into the layout under its full name, {name}"
        if self._has_bare_tags:
            hint = f"some entries are named by a tag only, which does not say whose: {hint}"
        elif self._directory:
            command = f"{_SKOPEO} docker://{name} oci:{self._directory}:{name}"
            hint = command if len(command) <= _MAX_COMMAND else hint
        return Unresolved("the layout has no image of this name", hint)

    def _verified(self, entry: _Entry) -> Outcome:
        if is_digest(entry.digest) and entry.media_type not in MANIFEST_TYPES | {""}:
            kind = brief(entry.media_type)
            return Unresolved(f"the layout's entry is of type '{kind}', not an image", _COPY)
        body = blob(self._files, entry.digest, MAX_MANIFEST, entry.size)
        if isinstance(body, Unresolved):
            return body
        manifest = kind_of(body, entry.media_type)
        if isinstance(manifest, Unresolved):
            return manifest
        return Resolved(entry.digest, manifest.media_type)


class LayoutImages(LayoutStore):
    """The images of the layout, whatever repository they are of."""

    def __init__(self, files: LayoutFiles, look_up: Callable[[ImageReference], Outcome]) -> None:
        """In: where the layout is, and how an entry of it is found."""
        super().__init__(files)
        self._look_up = look_up

    async def look_up(self, reference: ImageReference) -> Outcome:
        """The digest of the entry that carries the reference's name, or that has its digest."""
        return self._look_up(reference)


def _key(reference: ImageReference) -> str:
    """The canonical form, with the host's letters as DNS compares them."""
    return reference._replace(registry=reference.registry.lower()).canonical


def _open(path: Path) -> LayoutFiles:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        raise LayoutError(f"{shown(path)} is not there") from None
    if stat.S_ISDIR(mode):
        return DirectoryFiles(path)
    if stat.S_ISREG(mode):
        return TarFiles(path)
    raise LayoutError(f"{shown(path)} is neither a directory nor an archive")


def _check_version(files: LayoutFiles) -> None:
    if not files.has(_MARKER):
        dockersave.refuse_other(files)
    version = _object(files, _MARKER, _MAX_MARKER).get("imageLayoutVersion")
    if version != _VERSION:
        raise LayoutError(
            f"{files.shown} is an image layout of version '{brief(str(version))}', not {_VERSION}"
        )


def _entries(files: LayoutFiles) -> list[tuple[_Entry, tuple[str, ...]]]:
    """The entries of index.json, each with the names it carries."""
    manifests = _object(files, _INDEX, _MAX_INDEX).get("manifests")
    if not isinstance(manifests, list):
        raise LayoutError(f"{files.shown}: {_INDEX} has no list of 'manifests'")
    return [_entry(item) for item in manifests if isinstance(item, dict)]


def _entry(item: Mapping[str, Any]) -> tuple[_Entry, tuple[str, ...]]:
    annotations = item.get("annotations")
    if not isinstance(annotations, dict):
        annotations = {}
    names = [annotations.get(name) for name in _NAMES]
    size = item.get("size")
    if not isinstance(size, int) or isinstance(size, bool):
        size = -1  # A descriptor has a size (OCI image spec, descriptor.md): no blob has this one.
    entry = _Entry(
        str(item.get("digest")),
        size,
        str(item.get("mediaType")),
        dockersave.sources(annotations),
        "platform" in item,
    )
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


def _object(files: LayoutFiles, name: str, limit: int) -> dict[str, Any]:
    data = files.read(name, limit)
    if isinstance(data, str):
        raise LayoutError(f"{files.shown} is not an image layout: {name} {data}")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise LayoutError(f"{files.shown}: {name} is not JSON") from None
    if not isinstance(document, dict):
        raise LayoutError(f"{files.shown}: {name} is not a JSON object")
    return document
