r"""Globs as they are written in .gitignore, without the files in which they are.

They mean what git's ``wildmatch.c`` makes of them (gitignore(5)). Paths are matched as bytes, as git
does, so that ``?`` is one byte. A folder is marked by a NUL byte after its path, which no name can
contain. Whatever the glob, matching takes no more than quadratic time.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from boltseal.pattern import pattern

_MARK = b"\0"
_MAX_FOLDERS = 1024
_SPECIAL = pattern(rb"[*?\[\\]")
_TOKEN = pattern(rb"\*+|\?|\\.?|\[|[^*?\[\\]+", re.DOTALL)
_ONE, _SOME, _ALL = b"[^/\0]", b"[^/\0]*", b"[^\0]*"
_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb"\t ",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"!-~",
    b"lower": rb"a-z",
    b"print": rb" -~",
    b"punct": rb"!-/:-@\[-`{-~",
    b"space": rb"\t-\r ",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}


class _Never(Exception):
    """A pattern that is broken in a way that makes git match nothing by it."""


class _Pattern(NamedTuple):
    """One line: ``glob`` has neither '!' nor the last '/'. Without a '/', it is about names."""

    glob: bytes
    negated: bool
    mark: bytes  # what must follow the path: the mark of a folder, or nothing

    @property
    def by_name(self) -> bool:
        return b"/" not in self.glob


class _Run(NamedTuple):
    """Successive patterns that all ignore or all re-include, so that their order is nothing."""

    ignores: bool
    literals: frozenset[bytes]  # names and, with a leading '/', whole paths
    suffixes: tuple[bytes, ...]  # ends of names
    names: re.Pattern[bytes] | None
    paths: re.Pattern[bytes] | None


Runs = tuple[_Run, ...]
"""What a file of patterns says, the last ones first."""


def verdict(runs: Runs, path: bytes, *, folder: bool) -> bool | None:
    """Whether the last pattern that matches ignores; None where none matches.

    In: the path after a '/', as the file of the patterns sees it.
    """
    at = _first(runs, path, _MARK if folder else b"")
    return runs[at].ignores if at < len(runs) else None


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Whether globs match a file: the last that matches it, or a folder in which it is, decides.

    To git a file in a folder that is ignored cannot be taken back by '!', as the folder is never
    entered; here it can. The path is relative to where the globs count, '/' between folders.
    """
    found = runs(os.fsencode("\n".join(globs)))
    none = len(found)

    @lru_cache(maxsize=_MAX_FOLDERS)
    def above(folder: bytes) -> int:
        """Which run decides by a folder or one above it: the files of one are asked about together."""
        first, end = none, len(folder)
        while end > 0:
            first = _first(found[:first], folder[:end], _MARK)
            end = folder.rfind(b"/", 0, end)
        return first

    def matches(path: str) -> bool:
        shown = b"/" + os.fsencode(path)
        by_folder = above(shown[: shown.rfind(b"/")])
        deciding = _first(found[:by_folder], shown, b"")
        return deciding < none and found[deciding].ignores

    return matches


def problem(glob: str) -> str:
    """What is wrong with a glob, which then matches nothing; '' when nothing is."""
    found = list(_patterns(os.fsencode(glob)))
    if len(found) != 1 or "\0" in glob:
        return "it is no glob, as it matches nothing"
    try:
        _regex(found[0])
    except _Never:
        return "it matches nothing: a '[' is not closed, or a backslash ends it"
    return ""


def _first(runs: Runs, path: bytes, mark: bytes) -> int:
    """The number of the first run that matches; as many as there are where none does."""
    name = path[path.rfind(b"/") + 1 :]
    for number, run in enumerate(runs):
        if _matches(run, name, path, mark):
            return number
    return len(runs)


def _matches(run: _Run, name: bytes, path: bytes, mark: bytes) -> bool:
    literals = run.literals
    if name in literals or path in literals or name.endswith(run.suffixes):
        return True
    if mark:
        name, path = name + mark, path + mark
        if name in literals or path in literals or name.endswith(run.suffixes):
            return True
    return bool((run.names and run.names.match(name)) or (run.paths and run.paths.match(path)))


# Pattern files: lines, and which of them can be looked up rather than tried


def runs(data: bytes) -> Runs:
    """What lines of patterns say, the last ones first."""
    found = [_run(list(group)) for _, group in groupby(_patterns(data), lambda one: one.negated)]
    return tuple(reversed(found))


def _patterns(data: bytes) -> Iterator[_Pattern]:
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        glob = b"" if line.startswith(b"#") else _trimmed(line.removesuffix(b"\r"))
        negated = glob.startswith(b"!")
        glob = glob[negated:]
        mark = _MARK if glob.endswith(b"/") else b""
        glob = glob.removesuffix(b"/")
        if glob:
            yield _Pattern(glob, negated, mark)


def _trimmed(line: bytes) -> bytes:
    """Nothing after a NUL byte counts, as in C. Trailing spaces count for nothing, but one after a backslash, and those before it."""
    line = line.partition(b"\0")[0]
    if not line.endswith(b" "):
        return line
    bare = line.rstrip(b" ")
    escaped = (len(bare) - len(bare.rstrip(b"\\"))) % 2
    return line[: len(bare) + escaped]


def _run(patterns: list[_Pattern]) -> _Run:
    literals: set[bytes] = set()
    suffixes: list[bytes] = []
    names: list[bytes] = []
    paths: list[bytes] = []
    for rule in patterns:
        glob, _, mark = rule
        if not _SPECIAL.search(glob):
            literals.add((glob if rule.by_name else b"/" + glob.removeprefix(b"/")) + mark)
        elif rule.by_name and glob.startswith(b"*") and not _SPECIAL.search(glob, 1):
            suffixes.append(glob[1:] + mark)
        else:
            try:
                (names if rule.by_name else paths).append(_regex(rule))
            except _Never:
                continue
    ignores = not patterns[0].negated
    return _Run(ignores, frozenset(literals), tuple(suffixes), _any_of(names), _any_of(paths))


def _any_of(regexes: list[bytes]) -> re.Pattern[bytes] | None:
    return re.compile(b"|".join(regexes), re.DOTALL) if regexes else None


# One pattern: a glob as a regular expression that takes no more than quadratic time


def _regex(pattern: _Pattern) -> bytes:
    """What the whole name, or the whole path after a '/', must be. Raises _Never."""
    glob, _, mark = pattern
    end = (mark or _MARK + b"?") + rb"\Z"
    if pattern.by_name:
        return _assemble(_pieces(glob, by_name=True)) + end
    # git compares what comes before the first special character as it stands, and only then
    # tells '**' from '*': so in 'a/b**' the stars stand at the beginning, and cross folders.
    glob = glob.removeprefix(b"/")
    special = _SPECIAL.search(glob)
    at = special.start() if special else len(glob)
    return b"/" + re.escape(glob[:at]) + _assemble(_pieces(glob[at:], by_name=False)) + end


class _Piece(NamedTuple):
    """A star (none at the beginning) and what follows it up to the next one, as an expression."""

    star: bytes  # b"", b"*", b"**" or b"**/"
    fixed: bytes


def _pieces(glob: bytes, *, by_name: bool) -> list[_Piece]:
    pieces = [_Piece(b"", b"")]
    at = 0
    while token := _TOKEN.match(glob, at):
        text, start, at = token[0], at, token.end()
        if text.startswith(b"*"):
            star = b"*" if by_name else _star(glob, start, at)
            at += star.endswith(b"/")
            pieces.append(_Piece(star, b""))
            continue
        if text == b"[":
            fixed, at = _bracket(glob, at)
        elif text == b"\\":
            raise _Never  # a backslash at the very end
        else:
            fixed = _ONE if text == b"?" else re.escape(text.removeprefix(b"\\"))
        pieces[-1] = _Piece(pieces[-1].star, pieces[-1].fixed + fixed)
    return pieces


def _star(glob: bytes, start: int, end: int) -> bytes:
    """What the stars from ``start`` to ``end`` are: two cross folders if they are a whole name."""
    whole = start == 0 or glob[start - 1 : start] == b"/"
    if end - start > 1 and whole:
        if glob[end : end + 1] == b"/":
            return b"**/"
        if end == len(glob) or glob[end : end + 2] == rb"\/":
            return b"**"
    return b"*"


def _assemble(pieces: list[_Piece]) -> bytes:
    """Join pieces so that no star is tried again once the next star of its kind has been reached.

    The first place at which a piece fits leaves the most to the next star, so other places need
    no trying: an atomic group. That holds between two stars in one name, and, as what is between
    two '**' has a fixed number of slashes, between two of these.
    """
    starts = [0, *(at for at, piece in enumerate(pieces) if piece.star.startswith(b"**"))]
    out = []
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=True):
        star, fixed = pieces[start]
        last = end == len(pieces)
        body = fixed + _in_one_name(pieces[start + 1 : end])
        if star == b"**/":
            body = (b"(?:%s/)?" if last else b"(?:%s?/)??") % _ALL + body
        elif star == b"**":
            body = (b"%s" if last else b"%s?") % _ALL + body
        out.append(body if last or not star else b"(?>" + body + b")")
    return b"".join(out)


def _in_one_name(pieces: list[_Piece]) -> bytes:
    if not pieces:
        return b""
    return b"".join(
        [*(b"(?>%s?%s)" % (_SOME, fixed) for _, fixed in pieces[:-1]), _SOME, pieces[-1].fixed]
    )


def _bracket(glob: bytes, at: int) -> tuple[bytes, int]:
    """The set that begins before ``at``, and where it ends. Raises _Never where it does not."""
    negated = glob[at : at + 1] in (b"!", b"^")
    at += negated
    members: list[bytes] = []
    first, before = True, b""  # what a range may begin with
    while first or glob[at : at + 1] != b"]":
        first = False
        if found := _CLASS.match(glob, at):
            if found[1] not in _CLASSES:
                raise _Never
            members.append(_CLASSES[found[1]])
            before, at = b"", found.end()
        elif before and (found := _RANGE_END.match(glob, at)):
            low, high = before, found[1].removeprefix(b"\\")
            members += [_escaped(low) + b"-" + _escaped(high)] if low <= high else []
            before, at = b"", found.end()
        elif found := _MEMBER.match(glob, at):
            before, at = found[0].removeprefix(b"\\") or b"\\", found.end()
            members.append(_escaped(before))
        else:
            raise _Never
    return _set(members, negated=negated), at + 1


_CLASS = pattern(rb"\[:([^\]]*):\]")
_RANGE_END = pattern(rb"-(\\.|[^\]\\])", re.DOTALL)
_MEMBER = pattern(rb"\\.|[^\\]", re.DOTALL)


def _escaped(byte: bytes) -> bytes:
    return rb"\x%02x" % ord(byte)


def _set(members: list[bytes], *, negated: bool) -> bytes:
    """One byte of a set, or of all but a set; never a slash."""
    if not members:
        return _ONE if negated else b"(?!)"
    return rb"(?![/\x00])[" + (b"^" if negated else b"") + b"".join(members) + b"]"
