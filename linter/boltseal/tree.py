"""The files around one on disk: bounded, read once, never outside the tree that is scanned."""

import os
import stat
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from posixpath import normpath

from boltseal import files
from boltseal.candidate import Candidate, TooLarge
from boltseal.discover import discover
from boltseal.source import Source

_MAX_SIZE = 4 * 1024 * 1024
"""Bytes of a neighbouring file beyond which it is not read."""
_MAX_KEPT = 64
"""Neighbouring files that are kept in memory."""
_MAX_FILES = 20_000
"""Files of a folder beyond which the rest is not listed."""
_MAX_ENTRIES = 200_000
"""Files and folders of a folder beyond which nothing is known of what is in it."""
_MAX_FOLDERS = 1024
"""Folders of which it is kept where they are: the files of one are looked at together."""


class DiskTree:
    """One tree: everything below ``root``, which is shown as ``shown``. Links are not followed."""

    def __init__(self, root: str, shown: str) -> None:
        self._real = os.path.realpath(root)
        self.root = shown
        self.read = lru_cache(maxsize=_MAX_KEPT)(self._read)
        self._holds = lru_cache(maxsize=_MAX_FOLDERS)(self._is_above)

    def exists(self, path: str) -> bool:
        """Whether a regular file that may be read is at ``path``."""
        try:
            mode = os.lstat(path).st_mode
        except (OSError, ValueError):
            return False
        return stat.S_ISREG(mode) and self._holds(os.path.dirname(path))

    def files(self, folder: str, wants: Callable[[str], bool]) -> Sequence[str]:
        """The paths below ``folder`` for which ``wants`` holds, sorted; ignored ones left out.

        Nothing where there are more than 200,000 files and folders to go through: a part of them
        would say no more than nothing does, which is that it is not known what there is.
        """
        if not os.path.isdir(folder) or os.path.islink(folder) or not self._holds(folder):
            return ()
        found = discover([folder], wants=wants, most=_MAX_ENTRIES)
        regular = (
            normpath(item.path) for item in found if isinstance(item, Candidate) and not item.link
        )
        try:
            return tuple(sorted(islice(regular, _MAX_FILES)))
        except TooLarge:
            return ()

    def _read(self, path: str) -> Source | None:
        path = normpath(path)
        if not self.exists(path):
            return None
        try:
            return Source(path, files.read(path, _MAX_SIZE), self)
        except files.Unreadable:
            return None

    def _is_above(self, folder: str) -> bool:
        """Whether a folder is really in the tree, wherever links on the way to it lead."""
        real = os.path.realpath(folder)
        return real == self._real or real.startswith(self._real.rstrip(os.sep) + os.sep)


class Trees:
    """The trees of one run, by the files in them.

    A tree's root is that of the git repository around the file, or, where there is none, the
    current directory for what is below it, and else the file's own folder.
    """

    def __init__(self) -> None:
        self._of_folder = lru_cache(maxsize=_MAX_FOLDERS)(self._around)
        self._is_repository = lru_cache(maxsize=_MAX_FOLDERS)(_is_repository)
        self._of_root = lru_cache(maxsize=None)(DiskTree)

    def of(self, path: str) -> DiskTree:
        """The tree in which the file at ``path`` is."""
        return self._of_folder(os.path.dirname(path))

    def _around(self, folder: str) -> DiskTree:
        here, real = self._here, os.path.realpath(folder or os.curdir)
        root = self._repository(real)
        if root is None:
            root = here if real == here or real.startswith(here.rstrip(os.sep) + os.sep) else real
        shown = root if os.path.isabs(folder) else os.path.relpath(root, here)
        return self._of_root(root, shown.replace(os.sep, "/"))

    @cached_property
    def _here(self) -> str:
        return os.path.realpath(os.curdir)

    def _repository(self, folder: str) -> str | None:
        """The root of the git repository around a real folder."""
        while not self._is_repository(folder):
            above = os.path.dirname(folder)
            if above == folder:
                return None
            folder = above
        return folder


def _is_repository(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))
