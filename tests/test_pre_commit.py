"""Both hooks through the real pre-commit."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from boltseal_rules.knowledge import PLACES, guides

ROOT = Path(__file__).parent.parent
HOOKS = YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")
GOLDEN = ROOT / "tests" / "golden" / "before"
NAMED = {
    *(str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*") if path.is_file()),
    *(it.path for _, guide in guides() for it in guide.examples),
}
OPT_IN = tuple(f"{one.name}/" for one in PLACES if one.opt_in)
OPTED = {it.path for name, guide in guides() if f"{name}/" in OPT_IN for it in guide.examples}


@pytest.mark.parametrize(
    "path", sorted(path for path in NAMED - OPTED if not path.startswith(OPT_IN))
)
def test_the_hooks_are_given_every_file_that_a_place_knows(path: str) -> None:
    for hook in HOOKS:
        assert re.search(hook["files"], path)


@pytest.mark.parametrize("path", ["README.md", "main.go", "logo.png", "src/app.ts", "image.rs"])
def test_the_hooks_are_not_given_what_no_place_knows(path: str) -> None:
    for hook in HOOKS:
        assert not re.search(hook["files"], path)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PRE_COMMIT_HOME": str(folder.parent / "cache"),
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def copied(folder: Path) -> Path:
    """The tracked files of this project as a repository of its own."""
    target = folder / "hooks"
    target.mkdir()
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in files.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "docs/")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    assert run(target, "git", "init", "-q").returncode == 0
    assert run(target, "git", "add", "-A").returncode == 0
    assert run(target, "git", "commit", "-qm", "hooks").returncode == 0
    return target


def test_both_hooks_report_what_can_change(tmp_path: Path) -> None:
    hooks = copied(tmp_path)
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("app.dockerfile", "Dockerfile-prod"):
        (tree / name).write_text("FROM 127.0.0.1:1/nothing:1\n")
    (tree / "readme.txt").write_text("FROM nginx:1\n")
    assert run(tree, "git", "init", "-q").returncode == 0
    assert run(tree, "git", "add", "-A").returncode == 0
    for hook in ("boltseal", "boltseal-fix"):
        done = run(
            tree, sys.executable, "-m", "pre_commit", "try-repo", str(hooks), hook, "--all-files"
        )
        assert done.returncode == 1, done.stdout + done.stderr
        assert "app.dockerfile:1:6" in done.stdout
        assert "Dockerfile-prod:1:6" in done.stdout
        assert "readme.txt" not in done.stdout
    assert (tree / "app.dockerfile").read_text() == "FROM 127.0.0.1:1/nothing:1\n"
