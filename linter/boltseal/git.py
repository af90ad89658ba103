"""The git program, asked about the repository of the current folder without running what it says.

The configuration of a repository may name commands (a file system monitor, filters, hooks, external
diffs) and a place to fetch what is missing from. None of that is run here, and git writes nothing.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, NamedTuple

from boltseal.errors import UsageError
from boltseal.files import reason_of
from boltseal.printable import brief

_PATIENCE = 300.0
"""Seconds that one command may take."""
_CHUNK = 1 << 16
_FIXED = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
)
_ELSEWHERE = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX"),
        *("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
        *("GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NAMESPACE"),
        *("GIT_ATTR_SOURCE", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS"),
    }
)
"""Variables that lead git to another repository, as hooks set them, or change what it prints."""
_FILTER = re.compile(rb"filter\.(.+)\.(?:clean|process)", re.DOTALL)


class GitFailed(Exception):
    """A command that failed: its exit code, and what git said, in one line."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said


class Git(NamedTuple):
    """A repository: the program, and what every command is given.

    ``top`` is the real path of the folder in which its working tree begins.
    """

    program: str
    top: str
    options: tuple[str, ...] = _FIXED

    def output(self, *arguments: str) -> bytes:
        """What a command prints; for what is short. Raises GitFailed."""
        with _running(self, arguments) as stream:
            return stream.read()

    def lines(self, *arguments: str) -> Iterator[bytes]:
        """What a command prints, line by line with their ends, long ones in pieces. Raises GitFailed."""
        with _running(self, arguments) as stream:
            while line := stream.readline(_CHUNK):
                yield line

    def names(self, *arguments: str) -> Iterator[str]:
        """The names that a command prints, each with a NUL after it. Raises GitFailed."""
        rest = b""
        with _running(self, arguments) as stream:
            while chunk := stream.read(_CHUNK):
                *whole, rest = (rest + chunk).split(b"\0")
                yield from map(os.fsdecode, whole)


def repository(folder: str = ".") -> Git:
    """The repository that ``folder`` is in. Raises UsageError: without git, or outside of one."""
    program = installed()
    if program is None:
        raise UsageError("git is not installed, or not in PATH")
    git = Git(program, folder)
    try:
        # Not split: the name of a folder may end in a line feed of its own.
        top = git.output("rev-parse", "--show-toplevel").removesuffix(b"\n").removesuffix(b"\r")
    except GitFailed as error:
        raise UsageError(f"this needs the working tree of a git repository: {error.said}") from None
    git = git._replace(top=os.path.realpath(os.fsdecode(top)))
    return git._replace(options=(*_FIXED, *_without_filters(git)))


def installed() -> str | None:
    """The path of the git program, never one in the current folder; None where there is none."""
    found = shutil.which("git")
    return found if found and Path(found).is_absolute() else None


def version() -> str:
    """The version of the git program, such as ``2.39.5``; '' where it is none, or does not run."""
    program = installed()
    try:
        said = Git(program, os.curdir, ()).output("--version") if program else b""
    except (GitFailed, UsageError):
        return ""
    return said.decode("utf-8", "replace").removeprefix("git version ").strip()


def _without_filters(git: Git) -> Iterator[str]:
    """Options that leave every filter empty: comparing a file would run it (gitattributes(5))."""
    asked = ("config", "--null", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process)$")
    try:
        keys = git.output(*asked).split(b"\0")
    except GitFailed as error:
        if error.code == 1:  # there is none
            return
        raise UsageError(f"git: {error.said}") from None
    for name in sorted({os.fsdecode(it[1]) for it in map(_FILTER.fullmatch, keys) if it}):
        if "=" in name:  # an option would end the key there
            raise UsageError(f"git: a filter called {brief(name)!r} cannot be turned off")
        for key, value in (("clean", ""), ("process", ""), ("required", "false")):
            yield from ("-c", f"filter.{name}.{key}={value}")


@contextmanager
def _running(git: Git, arguments: Sequence[str]) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as complaints:
        process = _started(git, arguments, complaints)
        stop = Timer(_PATIENCE, process.kill)
        stop.daemon = True
        stop.start()
        try:
            with process.stdout as stream:  # type: ignore[union-attr]  # it is a pipe
                yield stream
            code = process.wait()
        finally:
            stop.cancel()
            process.kill()
            process.wait()
        if code:
            raise GitFailed(code, _said(complaints, code))


def _started(git: Git, arguments: Sequence[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - no shell, and what a user types is behind an option
            (git.program, *git.options, *arguments),
            cwd=git.top,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
    except OSError as error:
        raise UsageError(f"git cannot be run: {reason_of(error)}") from None


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return {
        **kept,
        "GIT_OPTIONAL_LOCKS": "0",  # no refreshed index is written, so no hook is run for one
        "GIT_NO_LAZY_FETCH": "1",  # what is older than 2.39.4 does not know it: the next one does it
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _said(complaints: IO[bytes], code: int) -> str:
    if code < 0:
        return f"git was ended by signal {-code}, or took more than {_PATIENCE:.0f} seconds"
    complaints.seek(0)
    lines = complaints.read(_CHUNK).decode("utf-8", "replace").splitlines()
    fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))] or lines
    return (
        brief(fatal[0].partition(": ")[2] or fatal[0], 200) if fatal else f"git ended with {code}"
    )
