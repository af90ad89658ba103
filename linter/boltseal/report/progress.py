"""How far a run of questions to registries is, in plain lines now and then."""

import time
from collections import Counter
from collections.abc import Callable

from boltseal.printable import brief
from boltseal.report.text import count
from boltseal.resolve.observer import Asked, Event, Finished, Started
from boltseal.resolve.outcome import Unresolved

INTERVAL = 10.0
"""The least number of seconds between two plain lines."""

_MAX_NAMES = 3


class Progress:
    """Counts, as an observer, what is done and what failed."""

    def __init__(self) -> None:
        self.total = 0
        self.done = 0
        self.host = ""
        self._failed: Counter[str] = Counter()

    def __call__(self, event: Event) -> None:
        """Count one event."""
        match event:
            case Started(total):
                self.total, self.done = total, 0
                self._failed.clear()
            case Asked(host):
                self.host = host
            case Finished(reference, outcome):
                self.done += 1
                if isinstance(outcome, Unresolved):
                    self._failed[reference.registry] += 1

    @property
    def failed(self) -> int:
        """How many references got no digest."""
        return self._failed.total()

    @property
    def failing(self) -> str:
        """The registries of those, most of them first, safe to print."""
        names = [brief(name) for name, _ in self._failed.most_common(_MAX_NAMES)]
        more = len(self._failed) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")


class PlainProgress:
    """An observer that says how far a long run is, for logs."""

    def __init__(
        self, say: Callable[[str], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        """In: where lines go, and a clock in seconds."""
        self._say = say
        self._now = now
        self._progress = Progress()
        self._last = now()

    def __call__(self, event: Event) -> None:
        """Look at one event."""
        self._progress(event)
        if isinstance(event, Started):
            self._last = self._now()
        elif self._now() - self._last >= INTERVAL:
            self._last = self._now()
            self._say(self._line())

    def _line(self) -> str:
        progress = self._progress
        line = f"asked {progress.done} of {count(progress.total, 'reference')}"
        return f"{line}, {progress.failed} failed ({progress.failing})" if progress.failed else line
