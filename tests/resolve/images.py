"""Images made for tests: configurations, manifests and indexes, by digest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from boltseal.resolve.manifest import DOCKER_LIST, OCI_INDEX, OCI_MANIFEST

CONFIG = "application/vnd.oci.image.config.v1+json"


def digest_of(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def packed(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


class Shelf:
    """One repository: blobs and manifests by digest, and the tags that lead to manifests."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[bytes, str]] = {}
        self.tags: dict[str, str] = {}
        self.lines: list[str] = []

    def image(self, platform: Mapping[str, str] | None, note: str = "") -> str:
        """Add one image; returns its digest. Without a platform it is an artifact."""
        config = packed({**(platform or {}), "note": note})
        self.blobs[digest_of(config)] = config
        return self.manifest(
            {
                "config": {"mediaType": CONFIG, "digest": digest_of(config), "size": len(config)},
                "layers": [],
            },
            OCI_MANIFEST,
        )

    def index(self, children: Sequence[Mapping[str, str]], note: str = "") -> str:
        """Add an index of one new image for each platform; returns its digest."""
        entries = [self.entry(self.image(child, note), child) for child in children]
        return self.index_of(entries, note)

    def index_of(
        self, entries: Sequence[Mapping[str, Any]], note: str = "", kind: str = OCI_INDEX
    ) -> str:
        return self.manifest({"manifests": list(entries), "annotations": {"n": note}}, kind)

    def entry(self, digest: str, platform: Mapping[str, str]) -> dict[str, Any]:
        return {"mediaType": OCI_MANIFEST, "digest": digest, "size": 1, "platform": dict(platform)}

    def manifest(self, document: Mapping[str, Any], kind: str) -> str:
        body = packed({"schemaVersion": 2, "mediaType": kind, **document})
        self.manifests[digest_of(body)] = (body, kind)
        return digest_of(body)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What a registry with this one repository answers."""
        self.lines.append(f"{request.method} {request.url.path.partition('/app/')[2]}")
        kind, _, target = request.url.path.partition("/app/")[2].partition("/")
        if kind == "blobs":
            body = self.blobs.get(target)
            return httpx.Response(404) if body is None else httpx.Response(200, content=body)
        digest = self.tags.get(target, target)
        if digest not in self.manifests:
            return httpx.Response(404, json={"errors": [{"code": "MANIFEST_UNKNOWN"}]})
        body, media_type = self.manifests[digest]
        headers = {"Docker-Content-Digest": digest, "Content-Type": media_type}
        content = b"" if request.method == "HEAD" else body
        return httpx.Response(200, headers=headers, content=content)


__all__ = ["DOCKER_LIST", "OCI_INDEX", "OCI_MANIFEST", "Shelf", "digest_of", "packed"]
