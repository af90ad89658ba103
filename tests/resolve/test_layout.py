import json
import os
from pathlib import Path
from typing import Any

import pytest

from boltseal.resolve.layout import LayoutResolver
from boltseal.resolve.layoutfiles import LayoutError
from boltseal.resolve.manifest import OCI_INDEX, OCI_MANIFEST, SCHEMA_1
from boltseal.resolve.outcome import Outcome, Resolved
from tests.imagelayout import ImageLayout
from tests.resolve.mockregistry import reason, reference

NGINX = "docker.io/library/nginx:1.27"
CONTAINERD = "io.containerd.image.name"


@pytest.fixture
def layout(tmp_path: Path) -> ImageLayout:
    return ImageLayout(tmp_path / "layout")


def resolve(layout: ImageLayout, text: str = "nginx:1.27") -> Outcome:
    wanted = reference(text)
    return LayoutResolver(layout.path).resolve([wanted])[wanted.canonical]


def blob(layout: ImageLayout, digest: str) -> Path:
    return layout.path / "blobs" / "sha256" / digest.removeprefix("sha256:")


def edit_entry(layout: ImageLayout, **changes: Any) -> None:
    path = layout.path / "index.json"
    document = json.loads(path.read_text())
    document["manifests"][0].update(changes)
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("name", "annotation"),
    [
        (NGINX, "org.opencontainers.image.ref.name"),
        (NGINX, CONTAINERD),
        ("nginx:1.27", CONTAINERD),
        ("index.docker.io/library/nginx:1.27", CONTAINERD),
    ],
)
def test_an_image_is_found_by_its_canonical_name(
    layout: ImageLayout, name: str, annotation: str
) -> None:
    digest = layout.name(layout.image("a"), name, annotation)
    assert resolve(layout) == Resolved(digest, OCI_MANIFEST)


def test_an_index_resolves_to_its_own_digest(layout: ImageLayout) -> None:
    digest = layout.name(layout.index([layout.image("a"), layout.image("a", "arm64")]), NGINX)
    assert resolve(layout) == Resolved(digest, OCI_INDEX)


def test_every_reference_has_an_outcome(layout: ImageLayout) -> None:
    layout.name(layout.image("a"), NGINX)
    outcomes = LayoutResolver(layout.path).resolve(
        [reference("nginx:1.27"), reference(NGINX), reference("alpine")]
    )
    assert list(outcomes) == [NGINX, "docker.io/library/alpine:latest"]


def test_a_missing_name_is_said_to_be_missing(layout: ImageLayout) -> None:
    layout.name(layout.image("a"), NGINX)
    outcome = resolve(layout, "nginx:1.28")
    assert reason(outcome) == "the layout has no image of this name"
    assert "tag only" not in outcome[1]


def test_what_is_missing_is_copied_by_the_command_in_the_hint(
    layout: ImageLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(layout.path.parent)
    for text, copy in (
        ("nginx:1.27", NGINX),
        ("nginx", "docker.io/library/nginx:latest"),
    ):
        wanted = reference(text)
        outcome = LayoutResolver(Path("layout")).resolve([wanted])[wanted.canonical]
        assert outcome[1] == (
            f"skopeo copy --all --preserve-digests docker://{copy} oci:layout:{copy}"
        )


@pytest.mark.parametrize("folder", ["with space", "a:b", "$(x)", "-x", "x" * 100])
def test_a_command_that_is_long_or_needs_quotes_is_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ImageLayout(Path(folder))
    wanted = reference("nginx:1.27")
    outcome = LayoutResolver(Path(folder)).resolve([wanted])[wanted.canonical]
    assert outcome[1] == f"copy the image into the layout under its full name, {NGINX}"


def test_a_bare_tag_is_not_a_name(layout: ImageLayout) -> None:
    layout.name(layout.image("a"), "1.27")
    layout.name(layout.image("b"), "nginx")
    for text in ("nginx:1.27", "1.27", "nginx"):
        outcome = resolve(layout, text)
        assert reason(outcome) == "the layout has no image of this name"
        assert "named by a tag only" in outcome[1]


def test_one_name_for_two_images_is_refused(layout: ImageLayout) -> None:
    layout.name(layout.image("a"), NGINX)
    layout.name(layout.image("b"), NGINX, CONTAINERD)
    assert "twice, with different digests" in reason(resolve(layout))


def test_one_image_listed_twice_is_fine(layout: ImageLayout) -> None:
    digest = layout.name(layout.image("a"), NGINX)
    layout.name(layout.image("a"), NGINX, CONTAINERD)
    assert resolve(layout) == Resolved(digest, OCI_MANIFEST)


def test_a_digest_resolves_to_itself_where_it_is_present(layout: ImageLayout) -> None:
    child = layout.image("a")
    digest = layout.name(layout.index([child]), NGINX)
    assert resolve(layout, f"nginx@{digest}") == Resolved(digest, OCI_INDEX)
    assert resolve(layout, f"nginx:9@{digest}") == Resolved(digest, OCI_INDEX)
    assert resolve(layout, f"nginx@{child['digest']}") == Resolved(child["digest"], OCI_MANIFEST)
    for digest in (f"sha256:{'0' * 64}", f"sha512:{'0' * 128}"):
        text = reason(resolve(layout, f"nginx@{digest}"))
        assert text == "the layout has no image of this digest"


def test_a_missing_blob_has_its_message(layout: ImageLayout) -> None:
    blob(layout, layout.name(layout.image("a"), NGINX)).unlink()
    assert reason(resolve(layout)).endswith("is missing")


def test_a_changed_blob_has_its_message(layout: ImageLayout) -> None:
    path = blob(layout, layout.name(layout.image("a"), NGINX))
    path.write_bytes(path.read_bytes().replace(b'"schemaVersion":2', b'"schemaVersion":3'))
    assert "does not have that hash" in reason(resolve(layout))


@pytest.mark.parametrize("size", [1, "1", None, True])
def test_another_size_has_its_message(layout: ImageLayout, size: object) -> None:
    layout.name(layout.image("a"), NGINX)
    edit_entry(layout, size=size)
    assert "size" in reason(resolve(layout))


def test_another_media_type_has_its_message(layout: ImageLayout) -> None:
    layout.name(layout.blob(b"{}", "application/vnd.example+json"), NGINX)
    assert "application/vnd.example+json" in reason(resolve(layout))


def test_a_manifest_of_another_type_than_listed_is_refused(layout: ImageLayout) -> None:
    layout.name(layout.image("a"), NGINX)
    edit_entry(layout, mediaType=OCI_INDEX)
    assert "not an image manifest" in reason(resolve(layout))


def test_a_blob_that_is_no_json_is_refused(layout: ImageLayout) -> None:
    layout.name(layout.blob(b"{", OCI_MANIFEST), NGINX)
    assert "not JSON" in reason(resolve(layout))


def test_schema_1_is_refused_in_its_own_words(layout: ImageLayout) -> None:
    layout.name(layout.blob(b'{"schemaVersion":1}', OCI_MANIFEST), NGINX)
    assert reason(resolve(layout)) == SCHEMA_1.reason


@pytest.mark.parametrize("digest", ["sha256:../../../../etc/passwd", "md5:x", "", None, "\x1b[31m"])
def test_what_is_no_digest_is_never_a_path(layout: ImageLayout, digest: object) -> None:
    layout.name(layout.image("a"), NGINX)
    edit_entry(layout, digest=digest)
    text = reason(resolve(layout))
    assert "which is not a digest" in text
    assert "\x1b" not in text


def test_a_link_out_of_the_layout_is_not_followed(layout: ImageLayout, tmp_path: Path) -> None:
    path = blob(layout, layout.name(layout.image("a"), NGINX))
    path.rename(tmp_path / "outside")
    path.symlink_to(tmp_path / "outside")
    assert "leads out of the layout" in reason(resolve(layout))


def test_a_loop_and_a_pipe_are_not_read(layout: ImageLayout) -> None:
    path = blob(layout, layout.name(layout.image("a"), NGINX))
    path.unlink()
    path.symlink_to(path)
    assert "cannot be read" in reason(resolve(layout))
    path.unlink()
    os.mkfifo(path)
    assert "is not a file" in reason(resolve(layout))


def test_a_blob_is_read_up_to_a_bound(layout: ImageLayout) -> None:
    layout.name(layout.blob(b" " * (4 * 1024 * 1024 + 1), OCI_MANIFEST), NGINX)
    assert "is larger than" in reason(resolve(layout))


def write(path: Path, text: str | None) -> None:
    path.unlink() if text is None else path.write_text(text)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("oci-layout", None, "is not an image layout: oci-layout is missing"),
        ("oci-layout", "{", "is not JSON"),
        ("oci-layout", "[]", "is not a JSON object"),
        ("oci-layout", "{}", "version 'None'"),
        ("oci-layout", '{"imageLayoutVersion":"2.0.0"}', "version '2.0.0'"),
        ("oci-layout", " " * 5000, "is larger than"),
        ("index.json", None, "index.json is missing"),
        ("index.json", "{", "is not JSON"),
        ("index.json", "[" * 100_000, "is not JSON"),
        ("index.json", "{}", "has no list of 'manifests'"),
    ],
)
def test_a_directory_that_is_no_layout_is_refused_at_once(
    layout: ImageLayout, file: str, text: str | None, words: str
) -> None:
    write(layout.path / file, text)
    with pytest.raises(LayoutError) as caught:
        LayoutResolver(layout.path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="is not there"):
        LayoutResolver(tmp_path / "none")


def test_odd_entries_are_passed_over(layout: ImageLayout) -> None:
    digest = layout.name(layout.image("a"), NGINX)
    path = layout.path / "index.json"
    document = json.loads(path.read_text())
    document["manifests"] += [7, {}, {"annotations": 7}, {"annotations": {CONTAINERD: 7}}]
    document["manifests"] += [{"annotations": {CONTAINERD: "not a name:"}}]
    path.write_text(json.dumps(document))
    assert resolve(layout) == Resolved(digest, OCI_MANIFEST)
