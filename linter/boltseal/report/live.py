"""How far a run of questions to registries is, in one line of a terminal that renews itself."""

import asyncio
from typing import IO, TYPE_CHECKING

from boltseal.printable import printable
from boltseal.report.progress import Progress
from boltseal.resolve.observer import Ended, Event, Started

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

DELAY = 0.5
"""Seconds that a run takes before there is a line."""


class LiveProgress:
    """An observer that shows a line while a run goes on, and leaves nothing of it behind."""

    def __init__(self, stream: IO[str]) -> None:
        """In: the terminal."""
        self._stream = stream
        self._progress = Progress()
        self._timer: asyncio.TimerHandle | None = None
        self._live: Live | None = None

    def __call__(self, event: Event) -> None:
        """Look at one event."""
        self._progress(event)
        if isinstance(event, Started):
            self._timer = asyncio.get_running_loop().call_later(DELAY, self._show)
        elif isinstance(event, Ended):
            self._hide()

    def words(self) -> str:
        """The line."""
        progress = self._progress
        left = progress.total - progress.done
        failed = f", {progress.failed} failed" if progress.failed else ""
        return f"{progress.done} done, {left} left{failed}: asking {printable(progress.host)}"

    def _show(self) -> None:
        from rich.console import Console
        from rich.live import Live

        console = Console(file=self._stream, force_terminal=True, no_color=True, highlight=False)
        self._live = Live(
            console=console,
            get_renderable=self._text,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()

    def _text(self) -> "Text":
        from rich.text import Text

        return Text(self.words(), no_wrap=True, overflow="ellipsis")

    def _hide(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._live is not None:
            self._live.stop()
            self._live = None
