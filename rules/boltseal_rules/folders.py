"""Folders above a file, in which formats look for the file that speaks for it."""

from collections.abc import Iterator
from posixpath import dirname


def upwards(folder: str, root: str) -> Iterator[str]:
    """A folder and those above it, the nearest first, up to the root of its tree."""
    while folder and folder not in ("/", root):
        yield folder
        folder = dirname(folder)
    yield root
