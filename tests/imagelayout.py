"""Builds small OCI image layouts: the same bytes on every run, without network or tools."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
_STATEMENT = "application/vnd.in-toto+json"
_REF_NAME = "org.opencontainers.image.ref.name"

Descriptor = dict[str, Any]


class ImageLayout:
    """A layout directory that grows: add images, name them, then use ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: list[Descriptor] = []
        (path / "blobs" / "sha256").mkdir(parents=True)
        (path / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        self._write_index()

    def blob(self, data: bytes, media_type: str) -> Descriptor:
        """Store bytes; the descriptor of them comes back."""
        digest = hashlib.sha256(data).hexdigest()
        (self.path / "blobs" / "sha256" / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    def image(
        self,
        text: str,
        architecture: str = "amd64",
        variant: str = "",
        *,
        os: str = "linux",
        os_version: str = "",
    ) -> Descriptor:
        """Store an image of one layer with one file that holds ``text``."""
        layer = _tar("content.txt", text.encode())
        packed = gzip.compress(layer, mtime=0)
        platform = {"architecture": architecture, "os": os}
        platform |= {"variant": variant} if variant else {}
        platform |= {"os.version": os_version} if os_version else {}
        config = {
            **platform,
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": [_sha256(layer)]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": self.blob(_json(config), _CONFIG),
            "layers": [self.blob(packed, _LAYER)],
        }
        return {**self.blob(_json(manifest), OCI_MANIFEST), "platform": platform}

    def attestation(self) -> Descriptor:
        """Store a statement as BuildKit puts it into an index: a manifest for no platform."""
        platform = {"architecture": "unknown", "os": "unknown"}
        config = {**platform, "config": {}, "rootfs": {"type": "layers", "diff_ids": []}}
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": self.blob(_json(config), _CONFIG),
            "layers": [self.blob(b'{"_type":"https://in-toto.io/Statement/v0.1"}', _STATEMENT)],
        }
        return {
            **self.blob(_json(manifest), OCI_MANIFEST),
            "platform": platform,
            "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
        }

    def index(self, images: Sequence[Descriptor]) -> Descriptor:
        """Store an index of images for several platforms."""
        document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(images)}
        return self.blob(_json(document), OCI_INDEX)

    def name(self, descriptor: Mapping[str, Any], name: str, annotation: str = _REF_NAME) -> str:
        """List a stored document in index.json under a name; its digest comes back."""
        kept = {key: value for key, value in descriptor.items() if key != "platform"}
        self._entries.append({**kept, "annotations": {annotation: name}})
        self._write_index()
        return str(descriptor["digest"])

    def _write_index(self) -> None:
        document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": self._entries}
        (self.path / "index.json").write_bytes(_json(document))


def sample(path: Path) -> dict[str, str]:
    """Make a layout of images with names; digests by name.

    ``single`` is for one platform; ``multi`` an index of two; ``list`` one of five, Windows among
    them; ``wide`` the same five with an attestation, which Docker's format cannot hold.
    """
    layout = ImageLayout(path)
    platforms = [
        layout.image("wide", "amd64"),
        layout.image("wide", "arm64", "v8"),
        layout.image("wide", "arm", "v7"),
        layout.image("wide", "arm", "v6"),
        layout.image("wide", "amd64", os="windows", os_version="10.0.20348.2700"),
    ]
    images = {
        "single": layout.image("single"),
        "multi": layout.index([layout.image("multi", "amd64"), layout.image("multi", "arm64")]),
        "list": layout.index(platforms),
        "wide": layout.index([*platforms, layout.attestation()]),
    }
    return {name: layout.name(image, name) for name, image in images.items()}


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _tar(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()
