"""How many a host serves at a time."""

import asyncio
from types import TracebackType


class Room:
    """A number of places, which can only grow. An asynchronous context manager of one place."""

    def __init__(self, places: int) -> None:
        """In: how many places there are at first."""
        self._places = places
        self._free = asyncio.Semaphore(places)

    @property
    def is_full(self) -> bool:
        """Whether the next one has to wait."""
        return self._free.locked()

    def widen(self, places: int) -> None:
        """Let there be at least so many places."""
        for _ in range(places - self._places):
            self._free.release()
        self._places = max(self._places, places)

    async def enter(self) -> None:
        """Take a place; ``leave`` gives it back."""
        await self._free.acquire()

    def leave(self) -> None:
        """Give a place back."""
        self._free.release()

    async def __aenter__(self) -> None:
        await self.enter()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()
