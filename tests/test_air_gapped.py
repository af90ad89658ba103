"""The commands of docs/air-gapped.md, as they stand there, against a real registry."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from boltseal.resolve.layout import LayoutResolver
from boltseal.resolve.layoutfiles import LayoutError
from boltseal.resolve.manifest import OCI_MANIFEST
from boltseal.resolve.outcome import Resolved
from tests.imagelayout import ImageLayout
from tests.registry import Registry
from tests.resolve.mockregistry import reference

PAGE = Path(__file__).parent.parent / "docs" / "air-gapped.md"
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which skopeo trusts every image."""
    folder = tmp_path / "home" / ".config" / "containers"
    folder.mkdir(parents=True)
    (folder / "policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    return tmp_path / "home"


def run(command: str, folder: Path, home: Path) -> None:
    programs = home / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "boltseal"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m boltseal "$@"\n')
    program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", command],
        cwd=folder,
        env={**os.environ, "HOME": str(home), "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.registry
def test_the_commands_of_the_page_seal_a_repository(
    registry: Registry, tmp_path: Path, home: Path
) -> None:
    multi = registry.push("multi", "air/multi:1.0")
    single = registry.push("single", "air/single:2.0")
    # The registry of the test has no TLS.
    text = f'[[registry]]\nlocation = "{registry.host}"\ninsecure = true\n'
    (home / ".config" / "containers" / "registries.conf").write_text(text)
    repository, connected = tmp_path / "repository", tmp_path / "connected"
    repository.mkdir()
    connected.mkdir()
    dockerfile = repository / "Dockerfile"
    names = [f"{registry.host}/air/multi:1.0", f"{registry.host}/air/single:2.0"]
    dockerfile.write_text("".join(f"FROM {name}\n" for name in [*names, names[0], "scratch"]))
    collect, copy, seal = COMMANDS

    run(collect, repository, home)
    assert (repository / "images.txt").read_text().splitlines() == names
    (repository / "images.txt").rename(connected / "images.txt")
    run(copy, connected, home)
    (connected / "layout.tar").rename(repository / "layout.tar")
    run(seal, repository, home)

    sealed = [f"{names[0]}@{multi}", f"{names[1]}@{single}", f"{names[0]}@{multi}", "scratch"]
    assert dockerfile.read_text() == "".join(f"FROM {name}\n" for name in sealed)


@pytest.fixture
def image(tmp_path: Path) -> ImageLayout:
    layout = ImageLayout(tmp_path / "source")
    layout.name(layout.image("a"), "a")
    return layout


def skopeo(source: ImageLayout, target: str) -> None:
    copy = ["skopeo", "--insecure-policy", "copy", "--quiet", f"oci:{source.path}:a", target]
    subprocess.run(copy, check=True, timeout=60)


@pytest.mark.registry
def test_an_archive_of_skopeo_is_read(image: ImageLayout, tmp_path: Path) -> None:
    skopeo(image, f"oci-archive:{tmp_path / 'a.tar'}:registry.example.com/team/app:1.0")
    wanted = reference("registry.example.com/team/app:1.0")
    outcome = LayoutResolver(tmp_path / "a.tar").resolve([wanted])[wanted.canonical]
    assert outcome == Resolved(image.image("a")["digest"], OCI_MANIFEST)


@pytest.mark.registry
def test_a_tag_that_is_copied_again_replaces_its_entry(image: ImageLayout, tmp_path: Path) -> None:
    name = "registry.example.com/team/app:1.0"
    image.name(image.image("b"), "b")
    skopeo(image, f"oci:{tmp_path / 'layout'}:{name}")
    source = f"oci:{image.path}:b"
    copy = ["skopeo", "--insecure-policy", "copy", "--quiet", source]
    subprocess.run([*copy, f"oci:{tmp_path / 'layout'}:{name}"], check=True, timeout=60)
    outcome = LayoutResolver(tmp_path / "layout").resolve([reference(name)])[name]
    assert outcome == Resolved(image.image("b")["digest"], OCI_MANIFEST)


@pytest.mark.registry
def test_other_forms_that_skopeo_writes_are_refused(image: ImageLayout, tmp_path: Path) -> None:
    skopeo(image, f"docker-archive:{tmp_path / 'a.tar'}:registry.example.com/team/app:1.0")
    skopeo(image, f"dir:{tmp_path / 'dir'}")
    with pytest.raises(LayoutError, match="is a docker-archive"):
        LayoutResolver(tmp_path / "a.tar")
    with pytest.raises(LayoutError, match="is in the form 'dir:'"):
        LayoutResolver(tmp_path / "dir")
