"""Repositories for tests: git without the user's configuration, and a copy of this project."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Neither tests nor their fixtures are installed; the pages are read by tests alone.
_LEFT_OUT = ("tests/", "docs/")


IDENTITY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}
"""The environment in which git commits, and is configured by the repository alone."""


def git(folder: Path, *arguments: str) -> str:
    """Run git to its end; its output comes back."""
    environment = {**os.environ, **IDENTITY}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def tracked(folder: Path) -> Path:
    """The tracked files of this project as a repository of its own, below ``folder``."""
    target = folder / "project"
    target.mkdir()
    for name in git(ROOT, "ls-files", "-z").split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(_LEFT_OUT):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    git(target, "init", "-q")
    git(target, "add", "-A")
    git(target, "commit", "-qm", "all of it")
    return target
