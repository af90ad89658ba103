"""What 'docker save' writes, by its image store, and other forms that are no layout."""

import json
from pathlib import Path
from typing import Any

import pytest

from boltseal.resolve.layout import LayoutResolver
from boltseal.resolve.layoutfiles import LayoutError
from boltseal.resolve.manifest import OCI_INDEX, OCI_MANIFEST
from boltseal.resolve.outcome import Outcome, Resolved
from tests.imagelayout import ImageLayout
from tests.resolve.archives import packed
from tests.resolve.mockregistry import reason, reference

NGINX = "docker.io/library/nginx:1.27"
NAME = "io.containerd.image.name"
SOURCE = "containerd.io/distribution.source."
ARCHIVE = (
    "PATH is a docker-archive: its layers are not compressed as they were and its manifests are new,"
    " so no registry answers their digests:"
    " copy the images with 'skopeo copy' to 'oci:DIRECTORY:NAME' instead"
)


@pytest.fixture
def saved(tmp_path: Path) -> ImageLayout:
    """A layout beside a docker-archive, as Docker writes it from version 25 on."""
    layout = ImageLayout(tmp_path / "saved")
    layout.name(layout.index([layout.image("a")]), NGINX, NAME)
    (layout.path / "manifest.json").write_text("[]")
    return layout


def edit(layout: ImageLayout, annotations: dict[str, Any], **changes: Any) -> None:
    path = layout.path / "index.json"
    document = json.loads(path.read_text())
    document["manifests"][0]["annotations"].update(annotations)
    document["manifests"][0].update(changes)
    path.write_text(json.dumps(document))


def resolve(path: Path, text: str = NGINX) -> Outcome:
    wanted = reference(text)
    return LayoutResolver(path).resolve([wanted])[wanted.canonical]


def refusal(path: Path) -> str:
    with pytest.raises(LayoutError) as caught:
        LayoutResolver(path)
    return str(caught.value).replace(str(path), "PATH")


def test_the_classic_store_is_refused_in_a_directory_and_in_an_archive(
    saved: ImageLayout, tmp_path: Path
) -> None:
    assert refusal(saved.path) == ARCHIVE
    assert refusal(packed(saved.path, tmp_path / "saved.tar")) == ARCHIVE


@pytest.mark.parametrize("kept", ["manifest.json", "repositories"])
def test_an_older_docker_archive_is_refused(tmp_path: Path, kept: str) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / kept).write_text("{}")
    assert refusal(tmp_path / "old") == ARCHIVE
    assert refusal(packed(tmp_path / "old", tmp_path / "old.tar")) == ARCHIVE


def test_a_dir_of_skopeo_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "version").write_text("Directory Transport Version: 1.1\n")
    (tmp_path / "manifest.json").write_text("{}")
    assert refusal(tmp_path) == (
        "PATH is in the form 'dir:', which does not say what its image is called:"
        " copy the images with 'skopeo copy' to 'oci:DIRECTORY:NAME' instead"
    )


def test_the_store_of_containerd_is_believed_for_the_source_it_names(saved: ImageLayout) -> None:
    edit(saved, {f"{SOURCE}docker.io": "mirror/nginx,library/nginx"})
    digest = saved.index([saved.image("a")])["digest"]
    assert resolve(saved.path) == Resolved(digest, OCI_INDEX)


@pytest.mark.parametrize(
    "source",
    [
        {f"{SOURCE}docker.io": "library/nginx2"},
        {f"{SOURCE}registry.example.com": "library/nginx"},
        {f"{SOURCE}docker.io": "library/nginx/more"},
        {f"{SOURCE}docker.io": ""},
    ],
)
def test_an_image_that_was_renamed_is_not_believed(
    saved: ImageLayout, source: dict[str, str]
) -> None:
    edit(saved, source)
    assert reason(resolve(saved.path)) == (
        "'docker save' wrote this layout, and not that the image came from docker.io/library/nginx"
    )


@pytest.mark.parametrize("value", [7, None, ["library/nginx"]])
def test_a_source_that_is_no_text_is_none(saved: ImageLayout, value: object) -> None:
    edit(saved, {f"{SOURCE}docker.io": value})
    assert refusal(saved.path) == ARCHIVE


def test_one_platform_is_not_what_the_tag_stands_for(saved: ImageLayout) -> None:
    child = saved.image("a")
    edit(saved, {f"{SOURCE}docker.io": "library/nginx"}, **child)
    assert reason(resolve(saved.path)) == (
        "'docker save' wrote the image of one platform, which is not what the tag stands for"
    )
    # By its digest it is what it is.
    text = f"nginx@{child['digest']}"
    assert resolve(saved.path, text) == Resolved(child["digest"], OCI_MANIFEST)


def test_elsewhere_no_source_is_asked_for(saved: ImageLayout) -> None:
    (saved.path / "manifest.json").unlink()
    assert isinstance(resolve(saved.path), Resolved)
