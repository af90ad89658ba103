"""Which files of a tree are looked at, told by their names, without opening any of them."""

import os
import stat
from collections.abc import Iterator, Sequence

from boltseal.candidate import Candidate, Choice, Folder, Found, Problem, Test, slashed
from boltseal.errors import UsageError, quoted
from boltseal.files import reason_of


class MissingPath(UsageError):
    """A path that was named and is not there."""


def discover(
    paths: Sequence[str],
    *,
    wants: Test,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    gitignore: bool = True,
    most: int | None = None,
    enters: Test = lambda _: True,
) -> Iterator[Found]:
    """The files to look at: those that ``paths`` names, then those in the folders that it names.

    A file that is named is always looked at, whatever ``exclude`` and .gitignore say and whatever
    it is called. In folders a file is looked at if ``wants``, asked with its path, says so or a
    glob of ``include`` matches it, and neither a glob of ``exclude`` does nor (with ``gitignore``)
    git ignores it. Folders are entered only if ``enters``, asked with their paths, says so. Globs are written as in .gitignore and are relative to the current directory
    or, for folders outside it, to the folder that was named. ``walk.SKIPPED_FOLDERS`` and Python
    environments are not entered, other file systems are. In each folder, files come before
    folders, both in the order of their names. No file comes twice, nor one and a link to it.

    Links to folders are not followed. A link to a file is looked at if it leads to a regular file
    in the folder that was named, which is not looked at under its own name. A link that was named
    must lead into the current directory: a tree to be checked must not decide what else is read.

    Raises MissingPath before anything else if a path does not exist, UsageError for a glob that
    is none; and, on the way, TooLarge once the folders entered below one that was named have more
    than ``most`` entries. Whatever else cannot be looked at is among the results, as a Problem.
    """
    choice = Choice(
        wants,
        _matcher(include, "include"),
        _matcher(exclude, "exclude"),
        not any(glob.startswith("!") for glob in exclude),
        gitignore,
        most,
        enters,
    )
    named = [_named(path) for path in dict.fromkeys(map(_tidy, paths))]
    return _distinct(named, choice)


def _distinct(named: list[tuple[str, Found | Folder]], choice: Choice) -> Iterator[Found]:
    """What was named, then what is in the folders that were named; each real file once."""
    seen: set[str] = set()
    for real, found in named:
        if not isinstance(found, Folder) and real not in seen:
            seen.add(real)
            yield found
    folders = [folder for _, folder in named if isinstance(folder, Folder)]
    if folders:
        from boltseal.walk import walk  # not needed where files are named, as by a hook

        for folder in folders:
            for real, found in walk(folder, choice):
                if real not in seen:
                    seen.add(real)
                    yield found


# What the user names


def _tidy(path: str) -> str:
    """``path`` with '/' between folders, and no './' before it or '/' after it."""
    path = slashed(path)
    while path.startswith("./"):
        path = path[2:].lstrip("/") or "."
    return path.rstrip("/") or path[:1]


def _named(path: str) -> tuple[str, Found | Folder]:
    """The real path of what the user named, and what to do about it. Raises MissingPath."""
    link = os.path.islink(path)
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if link:
            return path, Problem(path, "a symbolic link that leads nowhere")
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise MissingPath(f"no such file or folder: {path!r}") from None
        return path, Problem(path, reason_of(error))
    except ValueError:  # a NUL byte
        raise MissingPath(f"no such file or folder: {path!r}") from None
    real = slashed(os.path.realpath(path))
    if link and not _is_within(real, slashed(os.path.realpath(os.curdir))):
        return path, Problem(path, "a symbolic link that leads out of the current directory")
    if stat.S_ISDIR(mode):
        shown = "" if path == "." else path.rstrip("/") + "/"
        return real, Folder(shown, real)
    if not stat.S_ISREG(mode):
        return real, Problem(path, "not a regular file")
    return real, Candidate(path, explicit=True, link=link)


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


# Globs


def _matcher(globs: Sequence[str], option: str) -> Test | None:
    """Whether any of ``globs`` matches a path; a folder's ends in '/'. Raises UsageError."""
    if not globs:
        return None
    from boltseal.gitglob import matcher, problem

    for glob in globs:
        if wrong := problem(glob):
            raise UsageError(f"--{option}: {quoted(glob)}: {wrong}")
    return matcher(globs)
