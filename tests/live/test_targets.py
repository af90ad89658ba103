"""Platforms, updates and verification against a real registry, as users run them."""

import hashlib
import json
import urllib.request
from pathlib import Path

import pytest

from boltseal.resolve.platform import parse_platform
from boltseal.resolve.target import Target
from tests.live.asking import boltseal, digest, parsed
from tests.registries import Stocked
from tests.registry import Registry

pytestmark = pytest.mark.registry


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    (tmp_path / "home").mkdir()
    return folder


def run(tree: Path, *arguments: str) -> tuple[int, str]:
    quiet = () if arguments[0] == "check" else ("--quiet",)
    done = boltseal(tree, tree.parent / "home", *arguments, *quiet)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def written(tree: Path, reference: str) -> Path:
    file = tree / "Dockerfile"
    file.write_text(f"FROM {reference}\n")
    return file


def children(registry: Registry, name: str, target: str) -> dict[str, str]:
    """Platform to digest, read from the registry by another way than boltseal's."""
    request = urllib.request.Request(
        f"http://{registry.host}/v2/{name}/manifests/{target}",
        headers={"Accept": "application/vnd.oci.image.index.v1+json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        index = json.load(answer)
    found = {}
    for entry in index["manifests"]:
        platform = entry["platform"]
        parts = (platform["os"], platform["architecture"], platform.get("variant", ""))
        found["/".join(filter(None, parts))] = entry["digest"]
    return found


@pytest.mark.parametrize("platform", ["linux/amd64", "linux/arm64", "linux/arm/v6", "linux/arm/v7"])
def test_one_platform_is_sealed(
    tree: Path, registry: Registry, stocked: Stocked, platform: str
) -> None:
    index = stocked(registry)["index"]
    there = children(registry, "lab/index", index)
    wanted = there.get(platform) or there[f"{platform}/v8"]
    name = f"{registry.host}/lab/index:1.0"
    file = written(tree, name)
    assert run(tree, "fix", "--platform", platform)[0] == 0
    assert file.read_text() == f"FROM {name}@{wanted}\n"


def test_a_platform_that_is_not_there_is_said(
    tree: Path, registry: Registry, stocked: Stocked
) -> None:
    stocked(registry)
    file = written(tree, f"{registry.host}/lab/index:1.0")
    before = file.read_bytes()
    code, shown = run(tree, "fix", "--platform", "linux/s390x")
    assert code == 3
    assert "the image is not there for linux/s390x; it has linux/amd64, " in shown
    assert file.read_bytes() == before


def test_a_stage_for_another_platform_is_left_alone(
    tree: Path, registry: Registry, stocked: Stocked
) -> None:
    stocked(registry)
    file = written(tree, f"--platform=$BUILDPLATFORM {registry.host}/lab/index:1.0")
    before = file.read_bytes()
    code, shown = run(tree, "fix", "--platform", "linux/arm64")
    assert code == 3
    assert "it is used for $BUILDPLATFORM" in shown
    assert file.read_bytes() == before


@pytest.mark.parametrize("kind", ["index", "single", "list"])
def test_what_is_sent_is_hashed_when_asked(
    tree: Path, registry: Registry, stocked: Stocked, kind: str
) -> None:
    wanted = stocked(registry)[kind]
    name = f"{registry.host}/lab/{kind}:1.0"
    file = written(tree, name)
    with registry.watched() as asked:
        assert run(tree, "fix", "--verify")[0] == 0
    assert file.read_text() == f"FROM {name}@{wanted}\n"
    assert [line.split()[0] for line in asked] == ["GET"]


def test_a_moved_tag_is_followed_for_all_platforms_or_for_the_same_one(
    tree: Path, registry: Registry
) -> None:
    old = registry.push("multi", "lab/moving:1")
    child = children(registry, "lab/moving", old)["linux/amd64"]
    name = f"{registry.host}/lab/moving:1"
    file = tree / "Dockerfile"
    file.write_text(f"FROM {name}@{old}\nFROM {name}@{child}\n")
    before = file.read_bytes()
    assert run(tree, "fix", "--update")[0] == 0
    assert file.read_bytes() == before
    new = registry.push("wide", "lab/moving:1")
    assert new != old
    assert run(tree, "check")[0] == 0
    code, shown = run(tree, "fix", "--update", "--diff")
    assert code == 1
    assert shown.count(f"+FROM {name}@") == 2
    assert file.read_bytes() == before
    assert run(tree, "fix", "--update")[0] == 0
    wanted = children(registry, "lab/moving", new)["linux/amd64"]
    assert file.read_text() == f"FROM {name}@{new}\nFROM {name}@{wanted}\n"
    assert run(tree, "fix", "--update")[0] == 0


def test_a_digest_that_is_gone_is_an_error(
    tree: Path, registry: Registry, stocked: Stocked
) -> None:
    there = stocked(registry)["index"]
    gone = f"sha256:{hashlib.sha256(b'gone').hexdigest()}"
    name = f"{registry.host}/lab/index"
    file = tree / "Dockerfile"
    file.write_text(f"FROM {name}:1.0@{there}\nFROM {name}:2.0@{gone}\nFROM {name}:1.0\n")
    before = file.read_bytes()
    code, shown = run(tree, "verify")
    assert code == 1
    assert "Dockerfile:2:6: error[missing-digest]" in shown
    assert "Still there: 1 of 2 images." in shown
    assert "mutable-tag" not in shown
    assert file.read_bytes() == before
    file.write_text(f"FROM {name}:1.0@{there}\n")
    assert run(tree, "verify") == (0, "Still there: 1 of 1 image.\n")


def test_one_digest_under_several_tags_is_asked_for_once(
    tree: Path, registry: Registry, stocked: Stocked
) -> None:
    there = stocked(registry)["index"]
    name = f"{registry.host}/lab/index"
    lines = (f"FROM {name}{tag}@{there}\n" for tag in (":1.0", ":2.0", ""))
    (tree / "Dockerfile").write_text("".join(lines))
    with registry.watched() as asked:
        assert run(tree, "verify") == (0, "Still there: 1 of 1 image.\n")
    assert [line.split()[0] for line in asked] == ["HEAD"]


def test_what_cannot_be_asked_is_not_verified(tree: Path) -> None:
    written(tree, f"127.0.0.1:1/app:1@sha256:{'0' * 64}")
    code, shown = run(tree, "verify")
    assert code == 3
    assert "warning[unverified-digest]" in shown
    assert "cannot be reached" in shown
    assert "Still there: 0 of 1 image." in shown


def test_a_bug_in_a_place_does_not_verify_a_file(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from boltseal import engine, start

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("odd")

    written(tree, f"127.0.0.1:1/app:1@sha256:{'0' * 64}")
    monkeypatch.chdir(tree)
    monkeypatch.setenv("HOME", str(tree.parent / "home"))
    monkeypatch.setattr(engine, "_ask", fail)
    assert start.run(["verify"]) == 4
    assert "a bug in boltseal: Dockerfile: ZeroDivisionError" in capsys.readouterr().err


def test_a_layout_answers_for_platforms_and_updates_too(tmp_path: Path) -> None:
    from boltseal.resolve.layout import LayoutResolver
    from tests.imagelayout import ImageLayout

    layout = ImageLayout(tmp_path / "layout")
    images = [layout.image("a", "amd64"), layout.image("b", "arm64")]
    layout.name(layout.index(images), "registry.example.com/app:1")
    platform = parse_platform("linux/arm64")
    reference = parsed("registry.example.com/app:1")
    found = LayoutResolver(layout.path, Target(platform)).resolve([reference])
    assert digest(found[reference.canonical]) == images[1]["digest"]
    sealed = parsed(f"registry.example.com/app:1@{images[0]['digest']}")
    found = LayoutResolver(layout.path, Target(update=True)).resolve([sealed])
    assert digest(found[sealed.canonical]) == images[0]["digest"]
