"""What a run of the bench works on."""

import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench import tree
from bench.tree import DENSE, Mix

TREE_VARIABLE = "BENCH_TREE"
"""Names a tree to measure in place of the generated one; nothing is written into it."""


class Testbed(NamedTuple):
    """How often and how much is measured.

    ``rounds`` that count; ``files`` of a generated tree; ``sizes`` of those that show growth;
    ``references`` to resolve; ``scratch``, an empty folder for what is made; ``given``, the tree
    to measure where that is not generated; ``say`` tells of progress.
    """

    rounds: int
    files: int
    sizes: tuple[int, ...]
    references: tuple[int, ...]
    scratch: Path
    given: Path | None
    say: Callable[[str], None]

    def dense(self) -> Path:
        """The tree that is given, or one that is generated once."""
        return self.given or self.generated("dense", self.files)

    def generated(self, name: str, files: int, mix: Mix = DENSE) -> Path:
        """A tree that is generated the first time it is asked for."""
        folder = self.scratch / f"{name}-{files}"
        if not folder.exists():
            self.say(f"writing a tree of {files:,} files")
            folder.mkdir()
            tree.write(folder, files, mix)
        return folder

    def empty(self, name: str) -> Path:
        """A new folder for files to measure."""
        folder = self.scratch / name
        folder.mkdir()
        return folder


def described(bed: Testbed) -> str:
    """Which tree is measured: its name, commit and number of files, or what it is generated from."""
    if bed.given is None:
        return f"generated, seed {tree.SEED}, {bed.files} files"
    commit = git(bed.given, "rev-parse", "--short", "HEAD") or "no commit"
    return f"{bed.given.name}, {commit}, {len(listed(bed.given))} files"


def machine() -> str:
    """What the figures were measured with: system, processors, what else they did, Python."""
    system = f"{platform.system()} {platform.machine()}"
    processors = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    return f"{system}, {processors}, Python {platform.python_version()}"


def listed(folder: Path) -> list[str]:
    """The files of a tree: those that git knows, or without git all that are there."""
    known = git(folder, "ls-files", "-z")
    if known:
        return [path for path in known.split("\0") if (folder / path).is_file()]
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def git(folder: Path, *arguments: str) -> str:
    """What git says of a folder; '' if it has nothing to say."""
    command = ["git", "-C", str(folder), *arguments]
    ran = subprocess.run(command, capture_output=True, check=False)
    return os.fsdecode(ran.stdout).strip() if ran.returncode == 0 else ""
