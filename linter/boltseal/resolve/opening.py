"""How a registry opens: what its first answer spares the other questions."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from boltseal.resolve.challenge import Challenge

# A repository may be slow where its registry is not: then the others no longer wait for it.
_HEAD_START = 2.0


class Opening:
    """What is known of the login that a registry asks for.

    The first question goes alone. Those behind it then know whether to bring a login, where each
    would have been refused first. ``challenges`` is empty unless the registry asks everyone.
    """

    def __init__(self) -> None:
        self.challenges: tuple[Challenge, ...] = ()
        self._shown = asyncio.Event()
        self._has_first = False
        self._is_public = False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until the first question has shown what it could."""
        if self._has_first:
            try:
                async with asyncio.timeout(_HEAD_START):
                    await self._shown.wait()
            except TimeoutError:
                self._shown.set()  # Those behind have waited long enough as well.
            yield
            return
        self._has_first = True
        try:
            yield
        finally:
            self._shown.set()

    def closed(self, challenges: Sequence[Challenge]) -> None:
        """Note that a login was asked for with ``challenges``, and given."""
        if not self._is_public:
            self.challenges = tuple(challenges)
        self._shown.set()

    def public(self) -> None:
        """Note that something is to be had without a login: others may be, too."""
        self._is_public = True
        self.challenges = ()
