"""What Docker writes to disk, and which of it has the digests that a registry answers.

``docker save`` writes a docker-archive: layers without their compression, and a manifest made
anew, whose digest no registry knows. From Docker 25 on it writes an image layout beside that, with
those same new manifests, except where the engine keeps its images in containerd's store: then the
layout has the manifests as they were pulled, and its index says of each whence it came. Only such
an entry is believed, and only for the repository that it names.
"""

from collections.abc import Mapping
from typing import Any

from boltseal.printable import brief
from boltseal.reference import ImageReference
from boltseal.resolve.layoutfiles import LayoutError, LayoutFiles
from boltseal.resolve.outcome import Unresolved

# An annotation for each registry, with the repositories there, joined by commas.
_SOURCE = "containerd.io/distribution.source."
_INSTEAD = "copy the images with 'skopeo copy' to 'oci:DIRECTORY:NAME' instead"
_DIR_VERSION = b"Directory Transport Version"
_MAX_VERSION = 1024


def is_saved(files: LayoutFiles) -> bool:
    """Whether the layout stands beside a docker-archive."""
    return files.has("manifest.json") or files.has("repositories")


def refuse_other(files: LayoutFiles) -> None:
    """Refuse what is no layout but another form of images on disk.

    Raises: LayoutError.
    """
    version = files.read("version", _MAX_VERSION)
    if isinstance(version, bytes) and version.startswith(_DIR_VERSION):
        raise LayoutError(
            f"{files.shown} is in the form 'dir:', which does not say what its image is called:"
            f" {_INSTEAD}"
        )
    if is_saved(files):
        raise docker_archive(files)


def docker_archive(files: LayoutFiles) -> LayoutError:
    """Why a docker-archive gives no digests."""
    return LayoutError(
        f"{files.shown} is a docker-archive: its layers are not compressed as they were and its"
        f" manifests are new, so no registry answers their digests: {_INSTEAD}"
    )


def sources(annotations: Mapping[str, Any]) -> frozenset[str]:
    """The repositories that an entry of the index came from, such as docker.io/library/nginx."""
    return frozenset(
        f"{key.removeprefix(_SOURCE).lower()}/{repository}"
        for key, value in annotations.items()
        if key.startswith(_SOURCE) and isinstance(value, str)
        for repository in value.split(",")
    )


def objection(
    reference: ImageReference, came_from: frozenset[str], *, one_of_several: bool
) -> Unresolved | None:
    """Why an entry that 'docker save' wrote is not believed; None where it is.

    In: what is asked for, the entry's sources, and whether it is one platform's image of several.
    """
    name = f"{reference.registry.lower()}/{reference.repository}"
    if name not in came_from:
        return Unresolved(
            f"'docker save' wrote this layout, and not that the image came from {brief(name)}",
            _INSTEAD,
        )
    if one_of_several:
        return Unresolved(
            "'docker save' wrote the image of one platform, which is not what the tag stands for",
            "save it without --platform",
        )
    return None
