"""Which files of a tree are looked at, told by their names, without opening any of them."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from boltseal import ignore
from boltseal.errors import UsageError
from boltseal.files import reason_of

SKIPPED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", ".bzr", ".jj"),
        *("node_modules", "__pycache__", ".tox", ".nox", ".terraform", ".terragrunt-cache"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache"),
    }
)
"""Folders that are entered only when named: the insides of tools, and what tools have fetched."""

_ENVIRONMENT = "pyvenv.cfg"
_MARKERS = frozenset({".git", ".gitignore", _ENVIRONMENT})

Test = Callable[[str], bool]


class MissingPath(UsageError):
    """A path that was named and is not there."""


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


class _Folder(NamedTuple):
    """A folder to walk: how its files are shown (up to the '/'), and where it really is."""

    shown: str
    real: str


class _Choice(NamedTuple):
    """What decides about files and folders; ``prunes`` if no glob can bring back what one excludes."""

    wants: Test
    includes: Test | None
    excludes: Test | None
    prunes: bool
    gitignore: bool
    most: int | None


class _Listing(NamedTuple):
    """What may matter in one folder."""

    folders: list[str]
    files: list[os.DirEntry[str]]
    markers: set[str]
    seen: int


def discover(
    paths: Sequence[str],
    *,
    wants: Test,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    gitignore: bool = True,
    most: int | None = None,
) -> Iterator[Found]:
    """The files to look at: those that ``paths`` names, then those in the folders that it names.

    A file that is named is always looked at, whatever ``exclude`` and .gitignore say and whatever
    it is called. In folders a file is looked at if ``wants``, asked with its path, says so or a
    glob of ``include`` matches it, and neither a glob of ``exclude`` does nor (with ``gitignore``)
    git ignores it. Globs are written as in .gitignore and are relative to the current directory
    or, for folders outside it, to the folder that was named. `SKIPPED_FOLDERS` and Python
    environments are not entered, other file systems are. In each folder, files come before
    folders, both in the order of their names. No file comes twice, nor one and a link to it.

    Links to folders are not followed. A link to a file is looked at if it leads to a regular file
    in the folder that was named, which is not looked at under its own name. A link that was named
    must lead into the current directory: a tree to be checked must not decide what else is read.

    Raises MissingPath before anything else if a path does not exist, UsageError for a glob that
    is none; and, on the way, TooLarge once the folders entered below one that was named have more
    than ``most`` entries. Whatever else cannot be looked at is among the results, as a Problem.
    """
    choice = _Choice(
        wants,
        _matcher(include, "include"),
        _matcher(exclude, "exclude"),
        not any(glob.startswith("!") for glob in exclude),
        gitignore,
        most,
    )
    named = [_named(path) for path in dict.fromkeys(map(_tidy, paths))]
    return _distinct(named, choice)


def _distinct(named: list[tuple[str, Found | _Folder]], choice: _Choice) -> Iterator[Found]:
    """What was named, then what is in the folders that were named; each real file once."""
    seen: set[str] = set()
    for real, found in named:
        if not isinstance(found, _Folder) and real not in seen:
            seen.add(real)
            yield found
    for _, folder in named:
        if isinstance(folder, _Folder):
            for real, found in _walk(folder, choice):
                if real not in seen:
                    seen.add(real)
                    yield found


# What the user names


def _tidy(path: str) -> str:
    """``path`` with '/' between folders, and no './' before it or '/' after it."""
    path = _slashed(path)
    while path.startswith("./"):
        path = path[2:].lstrip("/") or "."
    return path.rstrip("/") or path[:1]


def _slashed(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _named(path: str) -> tuple[str, Found | _Folder]:
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
    real = _slashed(os.path.realpath(path))
    if link and not _is_within(real, _slashed(os.path.realpath(os.curdir))):
        return path, Problem(path, "a symbolic link that leads out of the current directory")
    if stat.S_ISDIR(mode):
        shown = "" if path == "." else path.rstrip("/") + "/"
        return real, _Folder(shown, real)
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
    import warnings

    from pathspec import GitIgnoreSpec

    try:
        with warnings.catch_warnings():  # of the re module, about sets such as '[[]'
            warnings.simplefilter("ignore")
            return GitIgnoreSpec.from_lines(globs).match_file
    except (ValueError, re.error) as error:
        raise UsageError(f"--{option}: {' '.join(str(error).split())}") from None


# Folders


class _Walk(NamedTuple):
    """One folder that was named. Paths in it are relative to it, until put after one of these."""

    shown: str  # for the user and for places: relative to the current directory, as typed
    base: str  # for the system: absolute and real
    globbed: str  # for globs: relative to the current directory if it is there
    asked: Test  # by the path as shown
    choice: _Choice


def _walk(top: _Folder, choice: _Choice) -> Iterator[tuple[str, Found]]:
    """Real path and result for what is in ``top``."""
    walk = _begin(top, choice)
    pending: list[tuple[str, ignore.Rules]] = [("", ())]
    seen = 0
    while pending:
        prefix, rules = pending.pop()
        try:
            listing = _list(walk.base + prefix, walk.shown + prefix, walk.asked)
        except OSError as error:
            shown = (walk.shown + prefix).rstrip("/") or "."
            yield walk.base + prefix, Problem(shown, reason_of(error))
            continue
        seen += listing.seen
        if choice.most is not None and seen > choice.most:
            raise TooLarge
        if prefix and _ENVIRONMENT in listing.markers:
            continue
        if choice.gitignore:
            rules = _rules(rules, walk.base, prefix, listing.markers)
        for entry in sorted(listing.files, key=_name):
            path = prefix + entry.name
            if _keeps_file(walk, rules, path) and (real := _real(walk, entry, path)):
                yield real, Candidate(walk.shown + path, link=real != walk.base + path)
        pending.extend(
            (f"{prefix}{name}/", rules)
            for name in sorted(listing.folders, reverse=True)
            if _keeps_folder(walk, rules, prefix + name)
        )


def _begin(top: _Folder, choice: _Choice) -> _Walk:
    base = top.real.rstrip("/") + "/"
    here = _slashed(os.path.realpath(os.curdir)).rstrip("/") + "/"
    globbed = base.removeprefix(here) if base.startswith(here) else ""
    return _Walk(top.shown, base, globbed, _asked(choice, top.shown, globbed), choice)


def _asked(choice: _Choice, shown: str, globbed: str) -> Test:
    """Whether a file may be looked at, by its path as shown."""
    wants, includes = choice.wants, choice.includes
    if includes is None:
        return wants
    return lambda path: wants(path) or includes(globbed + path[len(shown) :])


def _list(folder: str, shown: str, asked: Test) -> _Listing:
    """What is in a folder. Every file of a tree comes by here, so nothing slow does."""
    folders: list[str] = []
    files: list[os.DirEntry[str]] = []
    markers: set[str] = set()
    seen = 0
    with os.scandir(folder) as entries:
        for seen, entry in enumerate(entries, 1):  # noqa: B007 - the last one is wanted
            name = entry.name
            if name in _MARKERS:
                markers.add(name)
                if name == ".git":  # in worktrees and submodules, a file
                    continue
            if entry.is_dir(follow_symlinks=False):
                if name not in SKIPPED_FOLDERS:
                    folders.append(name)
            elif asked(shown + name):
                files.append(entry)
    return _Listing(folders, files, markers, seen)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _rules(rules: ignore.Rules, base: str, prefix: str, markers: set[str]) -> ignore.Rules:
    """The rules in a folder: those of the one above, but a repository in it starts anew."""
    folder = (base + prefix).rstrip("/") or "/"
    if not prefix or ".git" in markers:
        rules = ignore.outside(folder, prefix)
    if ".gitignore" in markers:
        rules = ignore.inside(rules, folder, prefix)
    return rules


def _keeps_file(walk: _Walk, rules: ignore.Rules, path: str) -> bool:
    excludes = walk.choice.excludes
    if excludes and excludes(walk.globbed + path):
        return False
    return not ignore.is_ignored(rules, path, folder=False)


def _keeps_folder(walk: _Walk, rules: ignore.Rules, path: str) -> bool:
    excludes = walk.choice.excludes
    if excludes and walk.choice.prunes and excludes(f"{walk.globbed}{path}/"):
        return False
    return not ignore.is_ignored(rules, path, folder=True)


def _real(walk: _Walk, entry: os.DirEntry[str], path: str) -> str:
    """The real path of a regular file, or of one that a harmless link leads to; else nothing."""
    if entry.is_file(follow_symlinks=False):
        return walk.base + path
    if not entry.is_symlink():
        return ""
    real = _slashed(os.path.realpath(entry.path))
    if not real.startswith(walk.base) or not os.path.isfile(real):
        return ""
    target = real[len(walk.base) :]
    if walk.asked(walk.shown + target) or not SKIPPED_FOLDERS.isdisjoint(target.split("/")):
        return ""
    return real
