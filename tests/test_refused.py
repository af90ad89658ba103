"""Files that would take unbounded time or memory, on the command line: refused, each with its reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n" for level in range(1, 60)
)
POD = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx:1.27}]}\n"


def check(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run the command; the time limit is for a run that would not end."""
    return subprocess.run(
        [sys.executable, "-m", "boltseal", "check", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with (tmp_path / "line.yaml").open("wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "deep.yaml").write_text(f"{POD}x: {'[' * 100_000}\n")
    (tmp_path / "bomb.yaml").write_text(f"{POD}{BOMB}")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "again").symlink_to("../folder")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "out.yaml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.yaml")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("line.yaml", "larger than 67108864 bytes"),
        ("deep.yaml", "nested deeper than 100 levels"),
        ("loop.yaml", "a symbolic link that leads nowhere"),
        ("out.yaml", "a symbolic link that leads out of the current directory"),
        ("pipe.yaml", "not a regular file"),
    ],
)
def test_one_that_is_named_is_refused_with_its_reason(folder: Path, name: str, reason: str) -> None:
    done = check(folder, name)
    assert (done.returncode, done.stderr) == (1, "")
    assert reason in done.stdout.partition("\n")[0]


def test_aliases_cost_no_more_than_their_text(folder: Path) -> None:
    done = check(folder, "bomb.yaml")
    assert "1 finding in 1 file" in done.stdout


def test_in_a_folder_what_is_no_file_is_passed_over_and_the_rest_is_told(folder: Path) -> None:
    done = check(folder, ".")
    assert (done.returncode, done.stderr) == (1, "")
    told = [
        line.partition(":")[0] for line in done.stdout.splitlines() if "unparsable-file" in line
    ]
    assert told == ["deep.yaml", "line.yaml"]
    assert "bomb.yaml:3:" in done.stdout
