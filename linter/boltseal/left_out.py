"""Which files the configurations leave out, however they are named and from wherever.

What a configuration leaves out cannot be brought back by one further down. So each folder on the
way to a file is held against the configuration that is for it, up to the root of the repository.
"""

import os
from collections.abc import Iterator
from itertools import chain

from boltseal.engine import Knows
from boltseal.ruling import Ruling
from boltseal.standing import is_repository


class LeftOut:
    """Whether a file is left out, by its path as shown. Each folder is looked at once.

    Raises UsageError for a configuration on the way that cannot be read.
    """

    def __init__(self, knows: Knows) -> None:
        self._knows = knows
        self._here = os.path.realpath(os.curdir).rstrip(os.sep) + os.sep
        self._shut: dict[str, tuple[Ruling, ...]] = {}

    def __call__(self, path: str) -> bool:
        """Whether the file is left out."""
        shut = self._of(os.path.dirname(path))
        return any(it.excludes(path) for it in shut) or self._knows(path).leaves_out(path)

    def _of(self, folder: str) -> tuple[Ruling, ...]:
        """What leaves out a folder, or one in which it is."""
        down = []
        while folder not in self._shut and not _is_start(folder):
            down.append(folder)
            folder = os.path.dirname(folder)
        if folder not in self._shut:
            way = self._way(os.path.realpath(folder or os.curdir))
            self._shut[folder] = tuple(chain.from_iterable(map(self._own, way)))
        shut = self._shut[folder]
        for it in reversed(down):
            shut = self._shut[it] = (*shut, *self._own(it))
        return shut

    def _own(self, folder: str) -> tuple[Ruling, ...]:
        """What the folder above it says of a folder."""
        ruling = self._knows(folder).ruling
        return (ruling,) if ruling.shuts(folder) else ()

    def _way(self, real: str) -> Iterator[str]:
        """The folders from a real one up to the root of the repository, without that.

        Repositories in the current directory are part of what is there.
        """
        while (above := os.path.dirname(real)) != real:
            if not real.startswith(self._here) and is_repository(real):
                return
            yield real
            real = above


def _is_start(folder: str) -> bool:
    """Whether what is above a folder is not told by its path."""
    name = os.path.basename(folder)
    return name in ("", os.curdir, os.pardir) or os.path.isabs(folder) or os.path.islink(folder)
