"""What one question to a registry has left: time and retries."""

import asyncio
import random

from boltseal.resolve.outcome import Unresolved


class UnresolvedError(Exception):
    """Stops a question; ``outcome`` says why. It never leaves this package."""

    def __init__(self, outcome: Unresolved) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class Attempt:
    """The deadline of one question, by the wall clock, and its retries."""

    def __init__(self, scope: asyncio.Timeout, retries: int, backoff: float) -> None:
        """In: the entered time limit; how many retries there may be; the first pause, in seconds."""
        self._scope = scope
        self._left = retries
        self._backoff = backoff

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

    def stop_clock(self) -> float:
        """Stop the deadline while something else than the registry is waited for.

        Out: the seconds that were left, for ``start_clock``.
        """
        left = self.remaining()
        self._scope.reschedule(None)
        return left

    def start_clock(self, left: float) -> None:
        """Let the deadline run again, ``left`` seconds from now."""
        self._scope.reschedule(asyncio.get_running_loop().time() + left)
