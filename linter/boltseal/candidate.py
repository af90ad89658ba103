"""What is looked at, or cannot be: results of a search for files, and what it goes by."""

import os
from collections.abc import Callable
from typing import NamedTuple

Test = Callable[[str], bool]


class TooLarge(Exception):
    """A folder with more in it than was to be looked at."""


class Candidate(NamedTuple):
    """A file to look at.

    ``path`` opens it and is how it is shown, with '/' between folders. ``explicit`` if the user
    named it. ``link`` if it is a symbolic link, and where it leads has been found to be harmless:
    only then should it be followed.
    """

    path: str
    explicit: bool = False
    link: bool = False


class Problem(NamedTuple):
    """A file or folder that could not be looked at, and why: one line without the path."""

    path: str
    reason: str


Found = Candidate | Problem


class Folder(NamedTuple):
    """A folder to walk: how its files are shown (up to the '/'), and where it really is."""

    shown: str
    real: str


class Choice(NamedTuple):
    """What decides about files and folders; ``prunes`` if no glob can bring back what one excludes."""

    wants: Test
    includes: Test | None
    excludes: Test | None
    prunes: bool
    gitignore: bool
    most: int | None
    enters: Test = lambda _: True
    """Whether a folder is looked into, by its path as shown."""


def slashed(path: str) -> str:
    """``path`` with '/' between folders, whatever the system writes."""
    return path if os.sep == "/" else path.replace(os.sep, "/")
