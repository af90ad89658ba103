"""The recipe for the first day is run as it is written, and shows what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli import LAYOUT, ROOT

PAGE = (ROOT / "docs" / "adoption.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
REPORTS = ("--statistics",)
"""What makes a check in the recipe end with 1: there are findings, and they are shown."""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, in a repository of its own on the branch ``main``."""
    for name, value in {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
    }.items():
        monkeypatch.setenv(name, value)
    shop = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "shop", shop)
    for command in ("init --quiet --initial-branch main", "add .", "commit --quiet -m old"):
        subprocess.run(["git", *command.split()], cwd=shop, check=True)
    return shop


def commands() -> list[tuple[str, str]]:
    """Each command of the page, with the lines that are shown below it."""
    parts = [part for block in BLOCKS for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit code and what is printed; digests come from a layout, not from the network."""
    words = shlex.split(command)
    if words[0] == "boltseal":
        layout = ["--from-layout", str(LAYOUT)] if words[1] == "fix" else []
        words = [sys.executable, "-m", *words, *layout]
    done = subprocess.run(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout


def test_every_command_shows_what_the_page_says(shop: Path) -> None:
    recipe = commands()
    assert len(recipe) == 12
    for command, shown in recipe:
        code, printed = run(command, shop)
        assert sorted(printed.splitlines()) == sorted(shown.splitlines()), command
        assert code == any(option in command for option in REPORTS), command


def test_at_the_end_of_the_recipe_a_new_image_is_reported(shop: Path) -> None:
    for command, _ in commands():
        run(command, shop)
    dockerfile = shop / "api" / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text() + "FROM registry.example.com/new:1\n")
    for options in ("--baseline boltseal-baseline.json", "--since main"):
        code, printed = run(f"boltseal check --format concise {options}", shop)
        assert code == 1
        assert "api/Dockerfile" in printed
        assert printed.count("warning[") == 1
