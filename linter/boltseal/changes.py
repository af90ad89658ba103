"""Which lines the working tree has changed since it left another branch.

Counted is what was committed, staged or neither, and files that git does not know yet as a whole.
A line that is only at another number, or in a file that was renamed, has not changed; a line that
is gone is no line.
"""

import os
import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from boltseal.candidate import slashed
from boltseal.edit import Edit
from boltseal.errors import UsageError
from boltseal.finding import Finding
from boltseal.git import Git, GitFailed, repository
from boltseal.printable import brief
from boltseal.source import Source, Span
from boltseal.standing import seen_from

_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n?")
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))
"""As git's quote.c writes them."""


_RECODED = (":(top)", ":(top,exclude,attr:!working-tree-encoding)")
"""The files that have another encoding in the repository than in the working tree (gitattributes(5))."""


class Lines(NamedTuple):
    """The first and the last of lines that follow one another, counted from 1."""

    first: int
    last: int


WHOLE = (Lines(1, sys.maxsize),)
"""Every line of a file."""


class Changes(NamedTuple):
    """What was changed. ``top`` is the real path of the folder in which the repository begins.

    ``changed`` leads from paths relative to it to the lines there, in order. ``folders`` are
    submodules that are at another commit: all that is in them counts.
    """

    top: str
    changed: Mapping[str, tuple[Lines, ...]]
    folders: frozenset[str] = frozenset()

    @property
    def paths(self) -> list[str]:
        """The absolute paths of the files that were changed, and are there."""
        return [str(Path(self.top, path)) for path in self.changed if path not in self.folders]

    def has(self, path: str) -> bool:
        """Whether a file was changed, if only by taking lines out of it."""
        return self._lines(path) is not None

    def touches(self, path: str, lines: Lines) -> bool:
        """Whether one of the ``lines`` of a file was changed or is new.

        ``path`` is relative to the current folder, or absolute.
        """
        changed = self._lines(path) or ()
        at = bisect_left(changed, lines.first, key=lambda it: it.last)
        return at < len(changed) and changed[at].first <= lines.last

    def concern(self, finding: Finding) -> bool:
        """Whether a finding is about what was changed: where it stands, or what takes part in it.

        One about a whole file is if anything in the file was changed.
        """
        if finding.use is None:
            return self.has(finding.source.path)
        spans = [(finding.source, finding.span)]
        spans += [(it.source or finding.source, it.span) for it in finding.related]
        return any(self.touches(source.path, _lines(source, span)) for source, span in spans)

    def after(self, source: Source, edits: Iterable[Edit]) -> "Changes":
        """The changes once ``edits`` are made in a file: its lines are where they are then.

        Lines that are put behind a line that was changed count as changed.
        """
        lines = self._lines(source.path)
        added: Counter[int] = Counter()
        for edit in set(edits):
            number = edit.new.count(b"\n") - edit.expected.count(b"\n")
            added[source.line_of(edit.span.start)] += number
        if lines is None or not any(added.values()):
            return self
        at = sorted(added)
        sums = [0, *accumulate(added[line] for line in at)]
        moved = tuple(
            Lines(first + sums[bisect_left(at, first)], last + sums[bisect_right(at, last)])
            for first, last in lines
        )
        return self._replace(changed={**self.changed, self._inside(source.path): moved})

    def refuse_outside(self, path: str) -> None:
        """Raise UsageError for a file that is not in the repository: nothing is known of it."""
        inside = seen_from(self.top, path)
        if inside.startswith("../") or Path(inside).is_absolute():
            raise UsageError(f"--since: {brief(path)!r} is not in the git repository here")

    def _lines(self, path: str) -> tuple[Lines, ...] | None:
        inside = seen_from(self.top, path)
        if self.folders and not self.folders.isdisjoint(map(str, PurePosixPath(inside).parents)):
            return WHOLE
        own = self.changed.get(inside)
        if not Path(path).is_symlink():
            return own
        if own is not None:  # the link itself is new, or leads elsewhere
            return WHOLE
        return self.changed.get(self._inside(path))

    def _inside(self, path: str) -> str:
        """Where the contents of a file are, behind a link if it is one."""
        return seen_from(self.top, os.path.realpath(path) if Path(path).is_symlink() else path)


def _lines(source: Source, span: Span) -> Lines:
    return Lines(source.line_of(span.start), source.line_of(max(span.start, span.end - 1)))


def since(revision: str) -> Changes:
    """What the working tree of the current folder has changed since it left ``revision``.

    That is since the merge base of the revision and HEAD. Runs git and opens no connection. Raises
    UsageError: no git, no repository, no such revision, nothing in common with it.
    """
    git = repository()
    try:
        base = _base(git, revision)
        changed = dict(_changed(git, base))
        unknown = git.names("ls-files", "-z", "--others", "--exclude-standard", "--full-name")
        # What ends in '/' is another repository inside of this one.
        changed.update((path, WHOLE) for path in unknown if not path.endswith("/"))
        # git counts the lines of what it makes of these, and a tree says of which.
        recoded = git.names("ls-files", "-z", "--full-name", "--", *_RECODED)
        changed.update((path, WHOLE) for path in recoded if path in changed)
    except GitFailed as error:
        raise UsageError(f"--since: git: {error.said}") from None
    folders = frozenset(slashed(path) for path in changed if _is_folder(git, path))
    return Changes(git.top, {slashed(path): lines for path, lines in changed.items()}, folders)


def _is_folder(git: Git, path: str) -> bool:
    """Whether a path that git names is a folder: that of a submodule."""
    whole = Path(git.top, path)
    return whole.is_dir() and not whole.is_symlink()


def _base(git: Git, revision: str) -> str:
    """The commit at which HEAD and ``revision`` parted."""
    theirs = None if revision.startswith("-") else _commit(git, revision)
    if theirs is None:
        raise UsageError(f"--since: git knows no revision {brief(revision)!r}{_if_shallow(git)}")
    ours = _commit(git, "HEAD")
    if ours is None:
        raise UsageError("--since: there is no commit yet")
    try:
        return git.output("merge-base", theirs, ours).decode().strip()
    except GitFailed as error:
        if error.code != 1:
            raise
    raise UsageError(
        f"--since: HEAD and {brief(revision)!r} have no commit in common{_if_shallow(git)}"
    )


def _commit(git: Git, revision: str) -> str | None:
    if not revision or "\0" in revision:
        return None
    wanted = f"{revision}^{{commit}}"
    try:
        found = git.output("rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    except GitFailed:
        return None
    return found.decode().strip() if _COMMIT.fullmatch(found) else None


def _if_shallow(git: Git) -> str:
    """What to do about a clone without its history, as CI services make them."""
    if git.output("rev-parse", "--is-shallow-repository").strip() != b"true":
        return ""
    return (
        "; the clone is shallow: fetch the whole history, with 'fetch-depth: 0' for "
        "actions/checkout, GIT_DEPTH: 0 in GitLab, or 'git fetch --unshallow'"
    )


# What git prints of a comparison


def _changed(git: Git, base: str) -> Iterator[tuple[str, tuple[Lines, ...]]]:
    """Paths from the top with the lines that are new since ``base``."""
    printed = git.lines(
        "diff-index",  # unlike 'diff' it leaves the settings of users out of what it prints
        *("--patch", "--unified=0", "--no-color", "--text"),
        *("--src-prefix=a/", "--dst-prefix=b/", "--find-renames"),
        # Of a submodule its commit counts, which git reads; what is in it git is not asked about.
        *("--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", "--submodule=short"),
        *("--end-of-options", base, "--"),
    )
    path, lines = None, list[Lines]()
    for line in printed:
        if line.startswith(b"+++ "):
            if path is not None:
                yield path, tuple(lines)
            path, lines = _path(line), []
        elif found := _HUNK.match(line):
            gone, first, new = (int(number or b"1") for number in found.groups(b"1"))
            if new:
                lines.append(Lines(first, first + new - 1))
            _pass(printed, gone + new)
    if path is not None:
        yield path, tuple(lines)


def _pass(printed: Iterator[bytes], number: int) -> None:
    """Go past the lines of a hunk, whatever they look like."""
    while number and (piece := next(printed, b"")):
        number -= piece.endswith(b"\n")


def _path(line: bytes) -> str | None:
    """The path in a line such as ``+++ b/path``; None for a file that is gone."""
    name = line[4:].rstrip(b"\n").removesuffix(b"\t")  # a tab marks the end where there are blanks
    if name.startswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return os.fsdecode(name[2:]) if name.startswith(b"b/") else None


def _unescaped(escape: re.Match[bytes]) -> bytes:
    what = escape[1]
    return bytes((int(what, 8) if len(what) == 3 else _ESCAPED[what[0]],))
