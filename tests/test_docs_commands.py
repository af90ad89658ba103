"""Every command that the documents show, typed as it stands there.

A document is a session: its ``console`` blocks are run from top to bottom in one repository, a copy of
examples/shop with a second commit, so that what one command writes is there for the next. What asks a
registry is given the image layout of the examples instead, as ``--from-layout``. A command may find
something (1) or not resolve something (3); wrong usage (2), a bug (4) and what the shell does not know
(127) fail. Lines that begin with neither boltseal nor git are run by other tests, which are named here.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clone import IDENTITY, git

ROOT = Path(__file__).parent.parent
LAYOUT = ROOT / "examples" / "layout"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ASKS = re.compile(r"^boltseal (?:fix|verify)\b(?!.*--from-layout)")
RUN_HERE = ("boltseal", "git")
ELSEWHERE = {
    "make": "the Makefile's targets are what CI runs",
    "python3": "tests/test_action.py and tests/test_pre_commit.py install boltseal",
    "~/.boltseal/bin/boltseal": "the program that the line above installs",
    "git": "tests/test_adoption_page.py types that page as a whole",
    "docker": "there is no daemon where the tests run",
    "kubectl": "there is no cluster where the tests run",
}


def commands(page: Path) -> list[str]:
    """What follows '$ ' in the console blocks of a document, without what is said about it."""
    lines = "".join(BLOCK.findall(page.read_text(encoding="utf-8"))).splitlines()
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return [re.sub(r"\s+#\s.*$", "", line) for line in typed]


DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PAGES = [page for page in DOCUMENTS if any(line.startswith("boltseal") for line in commands(page))]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The example repository with an earlier commit, and the files that documents speak of."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "boltseal.toml").write_text("require-reasons = true\n")
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "shop", folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    (folder / "Dockerfile").write_text("FROM registry.example.com/base/proxy:1.27\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "second")
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_document_run(page: Path, shop: Path, tmp_path: Path) -> None:
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    program = programs / "boltseal"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m boltseal "$@"\n')
    program.chmod(0o755)
    environment = {
        **os.environ,
        **IDENTITY,
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }
    for command in commands(page):
        if not command.startswith(RUN_HERE):
            continue
        offline = ASKS.sub(rf"\g<0> --from-layout '{LAYOUT}'", command)
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", offline],
            cwd=shop,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode in (0, 1, 3), f"$ {command}\n{done.stdout}{done.stderr}"


def test_what_is_not_run_here_is_run_elsewhere_or_cannot_be() -> None:
    typed = [line.split() for page in DOCUMENTS for line in commands(page)]
    programs = {next(word for word in words if "=" not in word) for words in typed}
    assert programs - {*RUN_HERE, *ELSEWHERE} == set()


def test_commands_are_shown_in_one_form() -> None:
    for page in DOCUMENTS:
        text = BLOCK.sub("", page.read_text(encoding="utf-8"))
        assert not re.search(r"^\$ ", text, re.MULTILINE), page
