"""How many a host serves at a time."""

import asyncio
from collections import deque
from types import TracebackType


class Room:
    """A number of places, given in the order of coming; it can change while they are taken.

    An asynchronous context manager of one place.
    """

    def __init__(self, places: int) -> None:
        """In: how many places there are at first."""
        self._places = places
        self._taken = 0
        # Nobody waits while a place is free.
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def is_full(self) -> bool:
        """Whether the next one has to wait."""
        return self._taken >= self._places

    def resize(self, places: int) -> None:
        """Let there be so many places. Where more are taken already, they stay so."""
        self._places = places
        self._let_in()

    async def enter(self) -> None:
        """Wait for a place, and take it."""
        if not self.is_full:
            self._taken += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # The place was given in the same moment.
                self.leave()
            raise

    def leave(self) -> None:
        """Give a place back."""
        self._taken -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and not self.is_full:
            turn = self._waiting.popleft()
            if not turn.cancelled():
                self._taken += 1
                turn.set_result(None)

    async def __aenter__(self) -> None:
        await self.enter()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()
