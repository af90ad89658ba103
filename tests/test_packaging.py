"""What is installed from packaging/ and how, held against the project itself."""

import re
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser

from boltseal import start

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
LOCKED = re.findall(
    r"^([a-z0-9.-]+)==(\S+)(?: ; [^\n]*?)? \\\n((?: +--hash=\S+(?: \\)?\n)+)", LOCK, re.MULTILINE
)
DOCKERFILE = (ROOT / "packaging" / "Dockerfile").read_bytes()


def name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[><=~; ]", requirement)[0]).lower()


def test_all_that_is_needed_is_locked() -> None:
    needed = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    assert {name(one) for one in needed} <= {locked for locked, _, _ in LOCKED}


def test_whatever_is_locked_has_one_version_and_its_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if line and line[0] not in " #"]
    assert len(lines) == len(LOCKED)
    for _, _, hashes in LOCKED:
        assert all(
            re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one.strip(" \\"))
            for one in hashes.splitlines()
        )


def test_what_the_image_is_made_of_is_there() -> None:
    copies = [
        one["value"].split()
        for one in DockerfileParser(fileobj=BytesIO(DOCKERFILE)).structure
        if one["instruction"] == "COPY" and "--from" not in one["value"]
    ]
    assert copies
    for *sources, _ in copies:
        assert all((ROOT / source).exists() for source in sources)


def test_the_image_does_not_run_as_root_and_runs_boltseal() -> None:
    said = DockerfileParser(fileobj=BytesIO(DOCKERFILE)).structure
    last = {one["instruction"]: one["value"] for one in said}
    assert last["USER"] == "65532:65532"
    assert last["ENTRYPOINT"] == '["/opt/boltseal/bin/boltseal"]'


@pytest.mark.parametrize("path", ["action.yml", "templates", "packaging"])
def test_this_project_has_pinned_its_own_images(
    path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert start.run(["check", str(ROOT / path)]) == 0
    assert capfd.readouterr().out.startswith("No findings in 1 file")
