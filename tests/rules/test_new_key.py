"""A digest key that a fix writes: in blocks, in braces, in JSON."""

import json

import pytest

from tests.tools import fixed

KUSTOMIZATION = {"kind": "Kustomization", "images": [{"name": "nginx", "newTag": "1.27"}]}
FLUX = {
    "apiVersion": "source.toolkit.fluxcd.io/v1",
    "kind": "OCIRepository",
    "spec": {"url": "oci://registry.example.com/a/b", "ref": {"tag": "1.0"}},
}
RELEASE = {
    "apiVersion": "helm.toolkit.fluxcd.io/v2",
    "kind": "HelmRelease",
    "spec": {"values": {"image": {"repository": "a/b", "tag": "v1", "digest": None}}},
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["ks.json", "release.json"])
@pytest.mark.parametrize("document", [FLUX, RELEASE])
def test_json_stays_json(name: str, document: object, indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    after = fixed(name, text).decode()
    assert after != text
    assert "sha256:" in json.dumps(json.loads(after))


def test_a_kustomization_in_braces_is_quoted_as_its_neighbours_are() -> None:
    text = json.dumps(KUSTOMIZATION)
    after = fixed("kustomization.yaml", text).decode()
    assert json.loads(after)["images"][0]["digest"].startswith("sha256:")
    plain = "images: [{name: nginx, newTag: v1}]\n"
    assert "newTag: v1, digest: sha256:" in fixed("kustomization.yaml", plain).decode()
