"""Which files of a tree are given to a program."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

from bench import reader
from bench.testbed import listed


def candidates(folder: Path) -> list[str]:
    """The files of a tree whose names say that they may hold images; `bench.reader` reads them."""
    return [path for path in listed(folder) if path.endswith(reader.NAMES) or "Dockerfile" in path]


def evenly(paths: list[str], most: int) -> list[str]:
    """At most that many of the paths, from all over the tree."""
    step = max(1, -(-len(paths) // most))
    return paths[::step]


def copied(tree: Path, reads: Callable[[str], bool], most: int, folder: Path) -> list[str]:
    """Copy the files of a tree that a program reads into a folder, under their own paths.

    Whole folders are chosen, evenly from all, so that what belongs together stays so. Out: the
    paths, at least one folder's and otherwise at most ``most``.
    """
    by_folder: dict[str, list[str]] = {}
    for path in filter(reads, listed(tree)):
        by_folder.setdefault(path.rpartition("/")[0], []).append(path)
    wanted = sum(map(len, by_folder.values()))
    step = max(1, -(-wanted // most))
    chosen = [path for name in list(by_folder)[::step] for path in by_folder[name]][:most]
    for path in chosen:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        copyfile(tree / path, target)
    return chosen
