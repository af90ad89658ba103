"""A layout in a tar archive: what it answers is what the same layout answers as a directory."""

import gzip
import hashlib
import io
import json
import os
import random
import tarfile
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.resolve.layout import LayoutResolver
from boltseal.resolve.layoutfiles import LayoutError
from boltseal.resolve.manifest import OCI_INDEX, OCI_MANIFEST
from boltseal.resolve.outcome import Outcome, Resolved
from tests.imagelayout import ImageLayout
from tests.resolve.archives import END, header, member, packed, pax
from tests.resolve.mockregistry import reason, reference

NGINX = "docker.io/library/nginx:1.27"
CONTAINERD = "io.containerd.image.name"
MARKER = member(b"oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
INDEX = member(b"index.json", b'{"manifests":[]}')


@pytest.fixture
def layout(tmp_path: Path) -> ImageLayout:
    return ImageLayout(tmp_path / "layout")


def resolve(path: Path, text: str = "nginx:1.27") -> Outcome:
    wanted = reference(text)
    return LayoutResolver(path).resolve([wanted])[wanted.canonical]


def refusal(path: Path) -> str:
    with pytest.raises(LayoutError) as caught:
        LayoutResolver(path)
    text = str(caught.value)
    assert text.isprintable()
    return text.replace(str(path), "PATH")


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def blob_name(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


@pytest.mark.parametrize("prefix", ["", "./", "././", ".//"])
@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_an_archive_is_read_plain_and_compressed(
    layout: ImageLayout, tmp_path: Path, prefix: str, mode: str
) -> None:
    child = layout.image("a")
    digest = layout.name(layout.index([child]), NGINX)
    archive = packed(layout.path, tmp_path / "layout.tar", prefix, mode)
    assert resolve(archive) == Resolved(digest, OCI_INDEX)
    assert resolve(archive, f"nginx@{child['digest']}") == Resolved(child["digest"], OCI_MANIFEST)
    assert reason(resolve(archive, "nginx:2")) == "the layout has no image of this name"
    none = f"nginx@sha256:{'0' * 64}"
    assert reason(resolve(archive, none)) == "the layout has no image of this digest"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"BZh91AY&SY", "PATH is compressed with bzip2: decompress it first"),
        (b"\xfd7zXZ\0\0", "PATH is compressed with xz: decompress it first"),
        (b"\x28\xb5\x2f\xfd1", "PATH is compressed with zstd: decompress it first"),
        (b"PK\3\4", "PATH is cut short"),
        (b"", "PATH is cut short"),
        (b"\x1f\x8b", "PATH is cut short"),
        (b"\x1f\x8bgarbage and more", "PATH is damaged: it cannot be decompressed"),
        (
            gzip.compress(b"x" * 512)[:-1],
            "PATH is damaged, or is no tar archive: a header does not have its checksum",
        ),
        (END, "PATH is not an image layout: oci-layout is missing"),
        (MARKER + END, "PATH is not an image layout: index.json is missing"),
        (MARKER + member(b"index.json", b"{") + END, "PATH: index.json is not JSON"),
        (MARKER + member(b"index.json", b"[]") + END, "PATH: index.json is not a JSON object"),
        (
            MARKER + header(b"index.json", 0, b"2") + END,
            "PATH is not an image layout: index.json is a link, which is not followed in an archive",
        ),
        (
            MARKER + header(b"index.json/", 0, b"5") + END,
            "PATH is not an image layout: index.json is not a file",
        ),
        (
            MARKER + pax(GNU_sparse_name="index.json", path="index.json") + INDEX + END,
            "PATH is not an image layout: index.json is a sparse file, which is not read",
        ),
        (
            member(b"oci-layout", b" " * 5000) + END,
            "PATH is not an image layout: oci-layout is larger than 4096 bytes",
        ),
    ],
)
def test_what_is_no_layout_is_refused_with_the_reason(
    tmp_path: Path, data: bytes, text: str
) -> None:
    assert refusal(written(tmp_path / "a", data)) == text


def test_a_layout_one_directory_down_is_refused_with_the_way_to_pack_it(
    layout: ImageLayout, tmp_path: Path
) -> None:
    archive = packed(layout.path, tmp_path / "layout.tar", "some/where/")
    assert refusal(archive) == (
        "PATH has its layout in the directory 'some/where':"
        " pack what is in that directory, with 'tar -C DIRECTORY -cf FILE .'"
    )


@pytest.mark.parametrize("prefix", ["/", "../", "./../", "a/../", "..\\", "\x1b[31m/", "C:\\"])
def test_a_hostile_name_is_no_name_of_the_layout(tmp_path: Path, prefix: str) -> None:
    start = prefix.encode()
    evil = member(start + b"index.json", b"{") + member(start + b"oci-layout", b"{")
    archive = written(tmp_path / "a", MARKER + INDEX + evil + END)
    assert reason(resolve(archive)) == "the layout has no image of this name"
    refusal(written(archive, evil + END))


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_the_last_of_a_name_counts_as_when_unpacked(
    layout: ImageLayout, tmp_path: Path, mode: str
) -> None:
    layout.name(layout.image("old"), "docker.io/library/old:1")
    old = packed(layout.path, tmp_path / "old.tar").read_bytes()
    digest = layout.name(layout.image("new"), NGINX)
    packed(layout.path, tmp_path / "new.tar")
    data = io.BytesIO(old)
    with tarfile.open(fileobj=data, mode="a") as both, tarfile.open(tmp_path / "new.tar") as new:
        for info in new:
            both.addfile(info, new.extractfile(info) if info.isreg() else None)
    joined = data.getvalue() if mode == "w" else gzip.compress(data.getvalue())
    archive = written(tmp_path / "both.tar", joined)
    assert resolve(archive) == Resolved(digest, OCI_MANIFEST)
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    assert resolve(tmp_path / "unpacked") == resolve(archive)


def test_a_link_after_a_file_of_its_name_counts_too(tmp_path: Path) -> None:
    link = header(b"index.json", 0, b"2")
    for data in (MARKER + INDEX + link + END, gzip.compress(MARKER + INDEX + link + END)):
        assert "is a link" in refusal(written(tmp_path / "a", data))


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_blobs_are_held_to_the_rules_of_a_directory(
    layout: ImageLayout, tmp_path: Path, mode: str
) -> None:
    digest = layout.name(layout.blob(b" " * (4 * 1024 * 1024 + 1), OCI_MANIFEST), NGINX)
    archive = packed(layout.path, tmp_path / "large.tar", "", mode)
    assert reason(resolve(archive)) == f"the layout's blob {digest} is larger than 4194304 bytes"
    (layout.path / blob_name(digest)).write_bytes(b"{}")
    archive = packed(layout.path, tmp_path / "size.tar", "", mode)
    assert reason(resolve(archive)) == f"the layout's blob {digest} is not of the size listed"
    (layout.path / blob_name(digest)).unlink()
    os.link(layout.path / "index.json", layout.path / blob_name(digest))
    archive = packed(layout.path, tmp_path / "link.tar", "", mode)
    with tarfile.open(archive) as tar:
        assert tar.getmember("index.json").islnk()
    assert "index.json is a link, which is not followed" in refusal(archive)


def test_a_cut_archive_is_refused_wherever_it_is_cut(layout: ImageLayout, tmp_path: Path) -> None:
    layout.name(layout.image("a"), NGINX)
    data = packed(layout.path, tmp_path / "layout.tar").read_bytes().rstrip(b"\0")
    compressed = gzip.compress(data + END)
    archive = tmp_path / "cut"
    for length in range(1, len(compressed), 37):
        assert refusal(written(archive, compressed[:length])) == "PATH is cut short"
    for length in range(0, len(data), 509):
        assert refusal(written(archive, data[:length])) == "PATH is cut short"


def test_a_gzip_checksum_that_is_wrong_is_seen(layout: ImageLayout, tmp_path: Path) -> None:
    data = bytearray(gzip.compress(packed(layout.path, tmp_path / "layout.tar").read_bytes()))
    data[-8] ^= 1
    text = refusal(written(tmp_path / "a", bytes(data)))
    assert text == "PATH is damaged: it cannot be decompressed"


@pytest.mark.parametrize("place", ["before", "within", "after"])
def test_a_bomb_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr("boltseal.resolve.layouttar._SLACK", 1_000_000)
    zeros = bytes(40_000_000)
    layer = header(b"blobs/sha256/00", len(zeros)) + zeros
    huge = header(b"blobs/sha256/00", b"\x80" + (2**80).to_bytes(11, "big"))
    data = {
        "before": layer + MARKER + INDEX + END,
        "within": MARKER + INDEX + huge + zeros,
        "after": MARKER + INDEX + END + zeros,
    }[place]
    archive = written(tmp_path / "a", gzip.compress(data))
    del data, layer, zeros
    tracemalloc.start()
    try:
        text = refusal(archive)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    limit = 1_000_000 + 20 * archive.stat().st_size
    assert text == f"PATH grows to more than {limit} bytes when it is decompressed"
    assert peak < 5_000_000


def test_begun_anew_again_and_again_an_archive_stays_within_its_bound(
    layout: ImageLayout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boltseal.resolve.layouttar._MAX_KEPT", 0)
    monkeypatch.setattr("boltseal.resolve.layouttar._SLACK", 0)
    names = [f"registry.example.com/team/app:{number}" for number in range(60)]
    digest = layout.image("a")
    # It has to lie before the image, for that is read again and again.
    layers = (random.Random(seed).randbytes(100_000) for seed in range(1000))
    first = min(layers, key=lambda it: hashlib.sha256(it).hexdigest())
    assert f"sha256:{hashlib.sha256(first).hexdigest()}" < digest["digest"]
    layout.blob(first, "x")
    for name in names:
        layout.name(digest, name)
    archive = packed(layout.path, tmp_path / "layout.tar", "", "w:gz")
    outcomes = LayoutResolver(archive).resolve([reference(name) for name in names])
    assert outcomes[names[0]] == Resolved(digest["digest"], OCI_MANIFEST)
    assert "when it is decompressed" in reason(outcomes[names[-1]])


def test_a_hundred_thousand_entries_are_listed_within_little_memory(tmp_path: Path) -> None:
    one = header(b"some/file", 0)
    archive = written(tmp_path / "a", MARKER + one * 100_000 + INDEX + END)
    tracemalloc.start()
    try:
        assert reason(resolve(archive)) == "the layout has no image of this name"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_layers_are_not_held_in_memory(layout: ImageLayout, tmp_path: Path) -> None:
    digest = layout.name(layout.image("a"), NGINX)
    for number in range(5):
        layout.blob(bytes([number]) + os.urandom(3_000_000), "x")
    archive = packed(layout.path, tmp_path / "layout.tar", "", "w:gz")
    tracemalloc.start()
    try:
        assert resolve(archive) == Resolved(digest, OCI_MANIFEST)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_neither_directory_nor_archive_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "PATH is neither a directory nor an archive"


documents = st.sampled_from(
    [b"{", b"[]", b"7", b" {}", b'{"schemaVersion":1}', b'{"layers":[],"config":{}}', b"\xff", b""]
)
names = st.sampled_from([NGINX, "1.27", "nginx", "nginx:1.27", "registry.example.com/a:1", "\x1b["])
annotations = st.sampled_from(["org.opencontainers.image.ref.name", CONTAINERD])
kinds = st.sampled_from([OCI_MANIFEST, OCI_INDEX, "", "text/plain"])
harms = st.sampled_from(["nothing", "nothing", "delete", "change", "grow"])


@given(
    st.lists(st.tuples(st.sampled_from("abc") | documents, names, annotations, kinds, harms)),
    st.sampled_from(["w", "w:gz"]),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_directory_and_its_archive_give_equal_outcomes(
    entries: list[tuple[str | bytes, str, str, str, str]], mode: str, keep: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if not keep:
            patch.setattr("boltseal.resolve.layouttar._MAX_KEPT", 300)
        layout = ImageLayout(Path(folder) / "layout")
        wanted = [NGINX, "nginx:2", "registry.example.com/a:1"]
        for content, name, annotation, kind, harm in entries:
            image = (
                layout.image(content) if isinstance(content, str) else layout.blob(content, kind)
            )
            wanted.append(f"nginx@{layout.name(image, name, annotation)}")
            spoil(layout.path / blob_name(image["digest"]), harm)
        archive = packed(layout.path, Path(folder) / "layout.tar", "", mode)
        references = [reference(name) for name in wanted]
        left = LayoutResolver(layout.path).resolve(references)
        right = LayoutResolver(archive).resolve(references)
        # The hint of a directory may name it.
        assert [outcome[0] for outcome in left.values()] == [it[0] for it in right.values()]
        assert [type(outcome) for outcome in left.values()] == [type(it) for it in right.values()]


def spoil(path: Path, harm: str) -> None:
    if harm == "delete":
        path.unlink(missing_ok=True)
    elif harm == "change":
        path.write_bytes(b"{}")
    elif harm == "grow" and path.exists():
        path.write_bytes(path.read_bytes() + b" ")


def test_the_index_of_an_archive_may_be_as_large_as_that_of_a_directory(
    layout: ImageLayout, tmp_path: Path
) -> None:
    digest = layout.name(layout.image("a"), NGINX)
    path = layout.path / "index.json"
    document = json.loads(path.read_text())
    document["x"] = "y" * 5_000_000
    path.write_text(json.dumps(document))
    for mode in ("w", "w:gz"):
        archive = packed(layout.path, tmp_path / "layout.tar", "", mode)
        assert resolve(archive) == Resolved(digest, OCI_MANIFEST)
