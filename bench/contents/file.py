"""One file that is to be made."""

from typing import NamedTuple


class File(NamedTuple):
    """A path with '/' between folders, its text, and how many image uses are in it."""

    path: str
    text: str
    images: int = 0
