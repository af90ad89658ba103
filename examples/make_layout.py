#!/usr/bin/env python3
"""Write the OCI image layout that the demo resolves from: a few kilobytes, the same on every run.

Usage: make_layout.py DIRECTORY NAME...   (NAME is a reference such as registry.example.com/web:1.0)

Each name becomes an index of its own over the same two stand-in images, which hold a line of text.
"""

import gzip
import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
REF_NAME = "org.opencontainers.image.ref.name"


def encode(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


class Layout:
    def __init__(self, directory):
        self.root = Path(directory)
        self.blobs = self.root / "blobs" / "sha256"
        self.blobs.mkdir(parents=True, exist_ok=True)

    def put(self, data, media_type, **more):
        digest = hashlib.sha256(data).hexdigest()
        (self.blobs / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data), **more}

    def image(self, architecture):
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            text = f"a stand-in for {architecture}\n".encode()
            member = tarfile.TarInfo("about.txt")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
        layer = self.put(gzip.compress(tar.getvalue(), mtime=0), LAYER)
        diff_id = f"sha256:{hashlib.sha256(tar.getvalue()).hexdigest()}"
        config = {
            "architecture": architecture,
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.put(encode(config), CONFIG),
            "layers": [layer],
        }
        platform = {"os": "linux", "architecture": architecture}
        return self.put(encode(manifest), MANIFEST, platform=platform)

    def index(self, name, images):
        about = {"org.opencontainers.image.title": name}
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": images, "annotations": about}
        return self.put(encode(index), INDEX, annotations={REF_NAME: name})

    def finish(self, entries):
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
        (self.root / "index.json").write_bytes(encode(index))
        (self.root / "oci-layout").write_bytes(encode({"imageLayoutVersion": "1.0.0"}))


def main(directory, *names):
    layout = Layout(directory)
    images = [layout.image(architecture) for architecture in ("amd64", "arm64")]
    layout.finish([layout.index(name, images) for name in names])


if __name__ == "__main__":
    main(*sys.argv[1:])
