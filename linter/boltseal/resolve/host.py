"""What is known of one host during a run."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from boltseal.resolve.attempt import Attempt, UnresolvedError
from boltseal.resolve.exchange import TRANSIENT, Answer, Request, RequestError
from boltseal.resolve.observer import Observer, Paused, ignore
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.refusal import busy, late, rate_limited, unreachable
from boltseal.resolve.retry import RETRIED, TOO_MANY, retry_after
from boltseal.resolve.room import Room

_UNREACHABLE = frozenset(
    {"dns", "connect", "handshake", "plain", "certificate", "client", "setup", "trust"}
)


class Host:
    """Sends requests to one host, with retries, and remembers what that host cannot take."""

    def __init__(
        self,
        name: str,
        send: Callable[[Request], Awaitable[Answer]],
        room: tuple[int, int],
        observer: Observer = ignore,
    ) -> None:
        """Start without knowing anything.

        In: what to call the host; how to reach it; how many references it serves at a time, and how
        many over a connection that they share; who is told of pauses.
        """
        self.name = name
        self._few, self._many = room
        few = self._few
        self.served = Room(few)
        # As many as are served, and as many that log in meanwhile: no token is asked for so early
        # that its time is over when its turn comes.
        self.admitted = Room(2 * few)
        self._lanes = Room(2 * few)
        self.down: Unresolved | None = None
        self._send = send
        self._observer = observer
        self._answered = False
        self._shares = False
        self._turn = Room(1)
        self._throttled: Unresolved | None = None
        self._resume = 0.0
        self._is_shut = False

    async def send(self, request: Request, attempt: Attempt) -> Answer:
        """Send a request, again when that may help.

        Out: the last answer. Raises: UnresolvedError when there is none, or the wait is too long.
        """
        started = _now()
        try:
            return await self._send_until_answered(request, attempt)
        except asyncio.CancelledError:
            # The deadline. A host that has said nothing for so long is not asked again.
            if not self._answered and _now() - started >= attempt.deadline / 2:
                self.down = late(self.name, attempt.deadline)
            raise

    async def _send_until_answered(self, request: Request, attempt: Attempt) -> Answer:
        answer = None
        while answer is None:
            if self._throttled is None:
                async with _within(self._lanes, attempt):
                    # While it waited, another may have been told that it is too many.
                    if self._throttled is None:
                        answer = await self._tried(request, attempt)
            else:
                answer = await self._send_in_turn(request, attempt)
        return answer

    async def _send_in_turn(self, request: Request, attempt: Attempt) -> Answer:
        """After a 429 one request at a time, none before the time that the host asked for.

        It keeps its turn until it is answered. Others wait for theirs as for room, off the clock.
        """
        answer = None
        async with _within(self._turn, attempt):
            while answer is None:
                self._check(attempt)
                await asyncio.sleep(max(0.0, self._resume - _now()))
                answer = await self._tried(request, attempt)
        self._is_shut = answer.status == TOO_MANY
        return answer

    async def _tried(self, request: Request, attempt: Attempt) -> Answer | None:
        """Send once; None where it may be sent again, which has waited for that already."""
        self._check(attempt)
        try:
            answer = await self._send(request)
        except RequestError as error:
            await self._after_error(error, attempt)
            return None
        self._answered = True
        self._serve(shared=answer.shared)
        if answer.status in RETRIED and await self._after_busy(answer, attempt):
            return None
        return answer

    def _serve(self, *, shared: bool) -> None:
        """Serve many at a time where they share a connection: the host itself bounds them there."""
        if shared is self._shares:
            return
        self._shares = shared
        count = self._many if shared else self._few
        self.served.resize(count)
        self.admitted.resize(2 * count)
        self._lanes.resize(count if shared else 2 * count)

    def _check(self, attempt: Attempt) -> None:
        if self.down is not None:
            raise UnresolvedError(self.down)
        if self._throttled and self._resume - _now() > attempt.remaining():
            raise UnresolvedError(self._throttled)

    async def _after_error(self, error: RequestError, attempt: Attempt) -> None:
        """Wait for the next try, or say why there is none."""
        self._serve(shared=False)  # Until an answer shows that it goes on as before.
        if error.kind == "version":
            return  # Nothing is wrong but how it was asked, which happens once.
        pause = attempt.next_pause() if error.kind in TRANSIENT else None
        if pause is not None and pause < attempt.remaining():
            self._observer(Paused(self.name, pause, error.kind))
            await asyncio.sleep(pause)
            return
        outcome = unreachable(self.name, error.kind, error.detail)
        if error.kind in _UNREACHABLE or (error.kind in TRANSIENT and not self._answered):
            self.down = outcome
        raise UnresolvedError(outcome)

    async def _after_busy(self, answer: Answer, attempt: Attempt) -> bool:
        """Wait as long as the host asks for.

        Out: False when no retry is left, or a 429 asks for too long a wait. Raises: UnresolvedError
        when another status asks for too long.
        """
        in_vain = self._is_shut and answer.status == TOO_MANY
        pause = None if in_vain else attempt.next_pause()
        asked = retry_after(answer.header("retry-after") or None, datetime.now(UTC))
        wait = asked if asked is not None else pause or 0.0
        if answer.status == TOO_MANY:
            self._throttled = rate_limited(self.name, answer)
            self._resume = max(self._resume, _now() + wait)
        elif asked is not None and asked > attempt.remaining():
            raise UnresolvedError(busy(self.name, answer.status))
        if pause is None or wait > attempt.remaining():
            return False
        self._observer(Paused(self.name, wait, f"status {answer.status}"))
        await asyncio.sleep(wait)
        return True


@asynccontextmanager
async def _within(room: Room, attempt: Attempt) -> AsyncIterator[None]:
    """A place in a room. What is waited for it is not the host's doing."""
    await (attempt.off_the_clock(room.enter()) if room.is_full else room.enter())
    try:
        yield
    finally:
        room.leave()


def _now() -> float:
    return asyncio.get_running_loop().time()
