r"""Which paths git ignores, told without running git.

The rules are those of gitignore(5), as git's own ``dir.c`` and ``wildmatch.c`` apply them: a folder
is judged by its own name and path only and is never entered when it is ignored, the last pattern
that matches decides, and the patterns of a deeper folder are asked before those above it; last
comes ``info/exclude`` of the repository. Files are not judged by all their folders at once, as that
cannot tell whether to enter one: by ``*``, ``!*/``, ``!*.yaml`` git ignores no folder.

No pattern file is undecodable, as ``gitglob`` matches bytes. Not known here: the user's own ``core.excludesFile``, ``core.ignoreCase``, and the index. (To git, a tracked file is
never ignored; here it is when a pattern says so.)
"""

import os
from collections.abc import Iterable
from typing import NamedTuple

from boltseal import files
from boltseal.gitglob import Runs, runs, verdict

_LIMIT = 256 * 1024


class _Level(NamedTuple):
    """The patterns of one file. ``above + path[cut:]`` is a path as that file sees it."""

    runs: Runs
    above: bytes
    cut: int


Rules = tuple[_Level, ...]
"""What decides inside a folder, the deepest first."""


def outside(folder: str, prefix: str) -> Rules:
    """The rules that reach ``folder`` from outside: the folders above it, up to its repository's.

    ``folder`` is an absolute path free of symbolic links, ``prefix`` how it is called in the paths
    that will be asked about: '' or a path that ends in '/'. Outside a repository there are no
    such rules, nor for a folder that is ignored itself: whoever names it wants it looked into.
    """
    top, exclude = _repository(folder)
    if exclude is None:
        return ()
    inner = [os.fsencode(name) for name in _split(folder[len(top) :])]
    levels = [_Level(runs(_content(exclude, follow=True)), b"", 0)]
    at, path = top, b""
    for name in inner:
        levels.insert(0, _Level(_pattern_file(at), b"", len(path)))
        path += name
        if _is_ignored(levels, path, folder=True):
            return ()
        path, at = path + b"/", _join(at, os.fsdecode(name))
    cut = len(os.fsencode(prefix))
    return tuple(_Level(own, path[start:], cut) for own, _, start in levels if own)


def inside(rules: Rules, folder: str, prefix: str) -> Rules:
    """``rules`` and, before them, those of the .gitignore in ``folder``. Arguments as of `outside`.

    One that cannot be read, or is longer than 256 KiB, or is a symbolic link (gitignore(5): not
    followed) counts for nothing.
    """
    own = _pattern_file(folder)
    return (_Level(own, b"", len(os.fsencode(prefix))), *rules) if own else rules


def is_ignored(rules: Rules, path: str, *, folder: bool) -> bool:
    """Whether ``path`` is ignored, given that none of the folders it is in is."""
    return bool(rules) and _is_ignored(rules, os.fsencode(path), folder=folder)


def _is_ignored(rules: Iterable[_Level], path: bytes, *, folder: bool) -> bool:
    for own, above, cut in rules:
        ignored = verdict(own, b"/" + above + path[cut:], folder=folder)
        if ignored is not None:
            return ignored
    return False


def _pattern_file(folder: str) -> Runs:
    return runs(_content(_join(folder, ".gitignore"), follow=False))


# The repository around a folder: gitrepository-layout(5)


def _repository(folder: str) -> tuple[str, str | None]:
    """The top of the work tree that ``folder`` is in and its ``info/exclude``; no file if in none."""
    while True:
        git = _git_folder(folder)
        if git is not None:
            common = _first_line(_join(git, "commondir")) or "."
            return folder, os.path.join(git, common, "info", "exclude")
        above = os.path.dirname(folder)
        if above == folder:
            return folder, None
        folder = above


def _git_folder(folder: str) -> str | None:
    """What ``.git`` in ``folder`` is or, in worktrees and submodules, names."""
    git = _join(folder, ".git")
    if not os.path.isdir(git):
        line = _first_line(git)
        if not line.startswith("gitdir: "):
            return None
        git = os.path.join(folder, line.removeprefix("gitdir: "))
    return git if os.path.lexists(_join(git, "HEAD")) else None


def _first_line(path: str) -> str:
    return os.fsdecode(_content(path, follow=True).partition(b"\n")[0].rstrip(b"\r"))


def _content(path: str, *, follow: bool) -> bytes:
    """The bytes of a small file; none if it cannot be read."""
    try:
        return files.read(path, _LIMIT, follow=follow)
    except (files.Unreadable, ValueError):  # ValueError: a NUL byte in what a file names
        return b""


def _join(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"


def _split(path: str) -> list[str]:
    return [name for name in path.replace(os.sep, "/").split("/") if name]
