"""What one question to a registry has left: time and retries."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.refusal import late

_T = TypeVar("_T")


class Patience(NamedTuple):
    """Bounds of a question: seconds in all, retries, and the first pause in seconds."""

    deadline: float
    retries: int
    backoff: float


class UnresolvedError(Exception):
    """Stops a question; ``outcome`` says why. It never leaves this package."""

    def __init__(self, outcome: Unresolved) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


async def bounded(
    patience: Patience, name: str, work: Callable[["Attempt"], Awaitable[_T]]
) -> _T | Unresolved:
    """Do ``work`` within its deadline.

    In: the bounds, the host to name when they are passed, and what to do.
    Out: what the work brought, or why it brought nothing.
    """
    try:
        async with asyncio.timeout(patience.deadline) as scope:
            return await work(Attempt(scope, patience))
    except UnresolvedError as error:
        return error.outcome
    except TimeoutError:
        return late(name, patience.deadline)


class Attempt:
    """The deadline of one question, by the wall clock, and its retries."""

    def __init__(self, scope: asyncio.Timeout, patience: Patience) -> None:
        """In: the entered time limit, and the bounds it was made from."""
        self.deadline = patience.deadline
        self._scope = scope
        self._left = patience.retries
        self._backoff = patience.backoff

    def remaining(self) -> float:
        """Seconds until the deadline."""
        end = self._scope.when()
        return float("inf") if end is None else end - asyncio.get_running_loop().time()

    def next_pause(self) -> float | None:
        """Use up one retry: how many seconds to wait before it; None when none is left.

        The pause doubles each time, and is spread so that clients do not return in step.
        """
        if self._left <= 0:
            return None
        self._left -= 1
        pause = self._backoff * random.uniform(0.5, 1.5)  # noqa: S311 - not a secret
        self._backoff *= 2
        return pause

    async def off_the_clock(self, work: Awaitable[_T]) -> _T:
        """Wait for something that is not the registry's doing, such as a locked key chain."""
        left = self.remaining()
        self._scope.reschedule(None)
        try:
            return await work
        finally:
            self._scope.reschedule(asyncio.get_running_loop().time() + left)
