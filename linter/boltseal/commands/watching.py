"""``check --watch``: the check again, whenever something that it looks at has changed.

Files are asked for their times now and then, since no system tells of changes on network mounts
and in mounted folders of containers.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from boltseal import console
from boltseal.errors import UsageError
from boltseal.printable import brief
from boltseal.report.text import count

INTERRUPTED = 128 + 2
"""What a shell shows for a program that SIGINT (2) ended."""
_PAUSE = 0.5
"""Seconds between two looks; longer where a look takes long, so that it is a tenth of the time."""
_SETTLING = 0.2
"""Seconds without a further change until the check is run: editors write more than one file."""
_RESTLESS = 25
"""Looks after which it is run, though files still change."""
_CONFIGURATIONS = ("boltseal.toml", "pyproject.toml")
_SHOWN = 3
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"

State = tuple[int, ...]
"""What tells of a file that it was changed or replaced; nothing for one that is not there."""


def watch(
    check: Callable[[], object],
    looked_at: Callable[[], Iterable[str]],
    *,
    beside: Sequence[str] = (),
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Run ``check`` now and after every change, until the user interrupts; returns the exit code.

    In: what gives the paths that the check looks at, as they are now; more paths that matter, such
    as a baseline; how to wait for some seconds. Wrong usage, such as a configuration that is being
    edited, is shown and is no end. Raises OutputClosed.
    """
    watched = _Watched(looked_at, beside)
    try:
        _checked(check, watched)
        while True:
            wait(watched.pause)
            if what := watched.changes(wait):
                _tell(what)
                _checked(check, watched)
    except KeyboardInterrupt:
        return INTERRUPTED


def _checked(check: Callable[[], object], watched: "_Watched") -> None:
    try:
        check()
    except UsageError as error:
        console.say(str(error))
    console.flush()
    console.err([f"Watching {count(watched.number, 'file')}; Ctrl-C ends it."])


def _tell(what: Sequence[str]) -> None:
    """Say when it was and what; what was said before is cleared where a person looks at it."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        sys.stdout.write(_CLEAR)
        console.flush()
    more = f", and {len(what) - _SHOWN} more" if len(what) > _SHOWN else ""
    console.err([f"{time.strftime('%H:%M:%S')} {', '.join(what[:_SHOWN])}{more}"])


class _Watched:
    """The files that matter, and how they were when they were last looked at."""

    def __init__(self, looked_at: Callable[[], Iterable[str]], beside: Sequence[str]) -> None:
        self._looked_at = looked_at
        self._beside = beside
        self._paths: list[str] = []
        self.pause = _PAUSE
        self._seen = self._look()

    @property
    def number(self) -> int:
        """How many files are looked at."""
        return len(self._paths)

    def changes(self, wait: Callable[[float], None]) -> list[str]:
        """What has changed since the last time it was asked, in words; waits for a change to end."""
        now = self._look()
        if now == self._seen:
            return []
        for _ in range(_RESTLESS):
            wait(_SETTLING)
            later = self._look()
            if later == now:
                break
            now = later
        before, self._seen = self._seen, now
        return list(_changes(before, now))

    def _look(self) -> dict[str, State]:
        start = time.monotonic()
        with suppress(UsageError):  # the check tells it; what was looked at still matters
            self._paths = list(self._looked_at())
        found = {path: _state(path) for path in self._all()}
        self.pause = max(_PAUSE, 9 * (time.monotonic() - start))
        return found

    def _all(self) -> Iterator[str]:
        yield from self._paths
        yield from self._beside
        folders = {Path.cwd(), *map(Path, map(os.path.abspath, map(os.path.dirname, self._paths)))}
        above = {parent for folder in folders for parent in (folder, *folder.parents)}
        for folder in above:
            yield from (str(folder / name) for name in _CONFIGURATIONS)


def _state(path: str) -> State:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _changes(before: dict[str, State], now: dict[str, State]) -> Iterator[str]:
    for path in sorted({*before, *now}):
        old, new = before.get(path, ()), now.get(path, ())
        if old == new:
            continue
        shown = brief(os.path.relpath(path) if Path(path).is_absolute() else path)
        yield (
            f"{shown} changed" if old and new else f"{shown} is new" if new else f"{shown} is gone"
        )
