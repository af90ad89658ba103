"""Folders above a file, in which formats look for the file that speaks for it."""

from collections.abc import Iterator
from posixpath import join, normpath

_MAX_FOLDERS = 64


def upwards(folder: str, root: str) -> Iterator[str]:
    """A folder and those above it, the nearest first, up to ``root`` of its tree, which is the last.

    The tree may begin above the current directory, as '..'. No more than 64 are looked at.
    """
    folder, top = normpath(folder), normpath(root)
    for _ in range(_MAX_FOLDERS):
        yield folder
        if folder in (top, "/"):
            return
        folder = normpath(join(folder, ".."))
