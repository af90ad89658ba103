import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from boltseal.resolve.layout import LayoutResolver
from boltseal.resolve.layoutstore import LayoutStore
from boltseal.resolve.manifest import OCI_INDEX, OCI_MANIFEST
from tests.imagelayout import ImageLayout
from tests.resolve.archives import packed
from tests.resolve.mockregistry import reason

NONE = f"sha256:{'0' * 64}"


@pytest.fixture
def layout(tmp_path: Path) -> ImageLayout:
    return ImageLayout(tmp_path / "layout")


@pytest.fixture(params=["directory", "w", "w:gz"])
def opened(
    request: pytest.FixtureRequest, layout: ImageLayout, tmp_path: Path
) -> Callable[[], LayoutStore]:
    """Opens the layout as it is then."""

    def open_now() -> LayoutStore:
        if request.param == "directory":
            return LayoutResolver(layout.path).store
        archive = packed(layout.path, tmp_path / "layout.tar", "", request.param)
        return LayoutResolver(archive).store

    return open_now


def test_a_manifest_comes_with_its_type(
    layout: ImageLayout, opened: Callable[[], LayoutStore]
) -> None:
    child = layout.image("a")
    index = layout.index([child])
    for digest, kind in ((child["digest"], OCI_MANIFEST), (index["digest"], OCI_INDEX)):
        found = asyncio.run(opened().manifest(digest))
        assert isinstance(found[0], bytes)
        assert f"sha256:{hashlib.sha256(found[0]).hexdigest()}" == digest
        assert found[1] == kind


@pytest.mark.parametrize(
    ("document", "kind"),
    [({"manifests": []}, OCI_INDEX), ({"config": {}, "layers": []}, OCI_MANIFEST)],
)
def test_a_manifest_that_does_not_say_its_type_is_known_by_its_shape(
    layout: ImageLayout,
    opened: Callable[[], LayoutStore],
    document: dict[str, object],
    kind: str,
) -> None:
    body = json.dumps({"schemaVersion": 2, **document}).encode()
    digest = layout.blob(body, "")["digest"]
    assert asyncio.run(opened().manifest(digest)) == (body, kind)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"manifests": [], "layers": [], "config": {}}, "has 'config'"),
        ({"layers": []}, "'' is not the type of an image"),
        ({"mediaType": 7, "manifests": []}, "'7' inside"),
        ({"mediaType": "text/plain"}, "'text/plain' is not the type of an image"),
    ],
)
def test_what_could_be_two_things_or_none_is_refused(
    layout: ImageLayout,
    opened: Callable[[], LayoutStore],
    document: dict[str, object],
    words: str,
) -> None:
    digest = layout.blob(json.dumps(document).encode(), "")["digest"]
    assert words in reason(asyncio.run(opened().manifest(digest)))


def test_a_blob_is_hashed_and_bounded(
    layout: ImageLayout, opened: Callable[[], LayoutStore]
) -> None:
    digest = layout.blob(b"text", "")["digest"]
    assert asyncio.run(opened().blob(digest)) == b"text"
    missing = reason(asyncio.run(opened().blob(NONE)))
    assert missing == f"the layout's blob {NONE} is missing"
    assert "which is not a digest" in reason(asyncio.run(opened().blob("sha256:../x")))
    (layout.path / "blobs" / digest.replace(":", "/")).write_bytes(b"TEXT")
    changed = reason(asyncio.run(opened().blob(digest)))
    assert changed == f"the layout's blob {digest} does not have that hash"
    assert reason(asyncio.run(opened().manifest(digest))) == changed
