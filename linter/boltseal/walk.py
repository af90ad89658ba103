"""The walk through a folder: what is in it, but for what git ignores and what tools have put there."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from boltseal import ignore
from boltseal.candidate import Candidate, Choice, Folder, Found, Problem, Test, TooLarge, slashed
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


class _Listing(NamedTuple):
    """What may matter in one folder."""

    folders: list[str]
    files: list[os.DirEntry[str]]
    markers: set[str]
    seen: int


class _Walk(NamedTuple):
    """One folder that was named. Paths in it are relative to it, until put after one of these."""

    shown: str  # for the user and for places: relative to the current directory, as typed
    base: str  # for the system: absolute and real
    globbed: str  # for globs: relative to the current directory if it is there
    asked: Test  # by the path as shown
    choice: Choice


def walk(top: Folder, choice: Choice) -> Iterator[tuple[str, Found]]:
    """Real path and result for what is in ``top``.

    In each folder, files come before folders, both in the order of their names. Raises TooLarge.
    """
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


def _begin(top: Folder, choice: Choice) -> _Walk:
    base = top.real.rstrip("/") + "/"
    here = slashed(os.path.realpath(os.curdir)).rstrip("/") + "/"
    globbed = base.removeprefix(here) if base.startswith(here) else ""
    return _Walk(top.shown, base, globbed, _asked(choice, top.shown, globbed), choice)


def _asked(choice: Choice, shown: str, globbed: str) -> Test:
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
    if ignore.is_ignored(rules, path, folder=True):
        return False
    return walk.choice.enters(walk.shown + path)


def _real(walk: _Walk, entry: os.DirEntry[str], path: str) -> str:
    """The real path of a regular file, or of one that a harmless link leads to; else nothing."""
    if entry.is_file(follow_symlinks=False):
        return walk.base + path
    if not entry.is_symlink():
        return ""
    real = slashed(os.path.realpath(entry.path))
    if not real.startswith(walk.base) or not os.path.isfile(real):
        return ""
    target = real[len(walk.base) :]
    if walk.asked(walk.shown + target) or not SKIPPED_FOLDERS.isdisjoint(target.split("/")):
        return ""
    return real
