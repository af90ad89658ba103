"""Where a file stands, said from a folder: the same whatever the current folder is."""

import os
from functools import lru_cache

from boltseal.candidate import slashed


def seen_from(folder: str, path: str) -> str:
    """``path`` (relative to the current folder, or absolute) from ``folder``, with '/' between folders.

    ``folder`` is absolute and real. Links to folders on the way are followed, one at the end is
    not: a link stands where it stands. What cannot be reached from there stays absolute.
    """
    above, name = os.path.split(os.path.abspath(path))
    real = os.path.join(_real(above), name)
    inside = folder.rstrip(os.sep) + os.sep
    if real.startswith(inside):
        return slashed(real[len(inside) :])
    try:
        return slashed(os.path.relpath(real, folder))
    except ValueError:  # another drive
        return slashed(real)


def is_repository(folder: str) -> bool:
    """Whether a folder is the root of a git repository, or of a worktree or a submodule."""
    return os.path.exists(os.path.join(folder, ".git"))


def repository_of(folder: str) -> str:
    """The root of the git repository around a real folder; the folder itself where there is none."""
    at = folder
    while not is_repository(at):
        above = os.path.dirname(at)
        if above == at:
            return folder
        at = above
    return at


def is_here(folder: str) -> bool:
    """Whether a real folder is the current one, or in it."""
    here = os.path.realpath(os.curdir)
    return folder == here or folder.startswith(here.rstrip(os.sep) + os.sep)


@lru_cache(maxsize=1024)
def _real(folder: str) -> str:
    return os.path.realpath(folder)
