"""The logins of a run: each asked for once, however many references need it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from boltseal.resolve.attempt import Attempt, Patience, UnresolvedError, bounded
from boltseal.resolve.challenge import Challenge, essence
from boltseal.resolve.credential import Credential, Found
from boltseal.resolve.credentials import Credentials
from boltseal.resolve.endpoint import Origin
from boltseal.resolve.exchange import Answer, Request
from boltseal.resolve.login import Grant, Place, log_in
from boltseal.resolve.observer import LoggedIn, Observer, ignore
from boltseal.resolve.opening import Opening
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.refusal import hinted, login_refused

_Result = Grant | Unresolved


class _Login(NamedTuple):
    """A login under way or done, and the challenges that it answers."""

    task: asyncio.Task[_Result]
    challenges: Sequence[Challenge]


class Logins:
    """Finds credentials, exchanges them, and keeps what came of it.

    Tasks are shared between references, so that none depends on the deadline of the one that was
    first to need it.
    """

    def __init__(
        self,
        credentials: Credentials,
        patience: Patience,
        ask: Callable[[Request, Attempt], Awaitable[Answer]],
        observer: Observer = ignore,
    ) -> None:
        """Start without knowing anything.

        In: where credentials are; the bounds of a token request; how to send one; who is told
        where logins are from.
        """
        self.warnings: dict[str, None] = {}
        self._credentials = credentials
        self._patience = patience
        self._ask = ask
        self._openings: dict[tuple[str, Origin, bool], Opening] = {}
        self._observer = observer
        self._found: dict[tuple[str, str], asyncio.Task[Found]] = {}
        self._grants: dict[tuple[Place, Credential | None], _Login] = {}
        self._current: dict[Place, Grant] = {}
        self._refused: dict[tuple[str, Credential], Unresolved] = {}
        self._accepted: set[tuple[str, Credential]] = set()
        self._first: dict[tuple[str, Credential], asyncio.Lock] = {}

    def current(self, place: Place) -> Grant | None:
        """What opened this repository before, unless its time is over."""
        grant = self._current.get(place)
        if grant is None or time.monotonic() >= grant.expires:
            return None
        if grant.credential and (place.registry, grant.credential) not in self._accepted:
            return None
        return grant

    def opening(self, place: Place) -> Opening:
        """What is known of the login that the registry of a repository asks for."""
        key = (place.registry, place.origin, place.verified)
        if key not in self._openings:
            self._openings[key] = Opening()
        return self._openings[key]

    async def foresee(self, place: Place) -> None:
        """Log in to a repository before it asks, where its registry asks everyone.

        ``current`` has what comes of it. A failure is no outcome: this repository may be public.
        """
        offered = self.opening(place).challenges
        if not offered or self.current(place):
            return
        found = await asyncio.shield(self._find(place))
        credential = found.credential
        # Only what has proved good: a wrong password is tried once, by the one that was asked.
        if credential is None or (place.registry, credential) in self._accepted:
            await self._granted(place, offered, credential, stale=None)

    async def renew(
        self, place: Place, challenges: Sequence[Challenge], stale: Grant | None, attempt: Attempt
    ) -> _Result:
        """Log in to a repository.

        In: what for; the challenges; the grant that was just turned down, if any; who is asking.
        Out: a grant to try once, or why there is none.
        """
        found = await attempt.off_the_clock(asyncio.shield(self._find(place)))
        self.warnings.update(dict.fromkeys(found.warnings))
        credential = found.credential
        self._observer(LoggedIn(place.registry, credential.source if credential else ""))
        if credential is None:
            # Nothing can be wrong with no login: the others need not wait for what comes of it.
            self.opening(place).closed(challenges)
        elif (place.registry, credential) in self._refused:
            return self._refused[place.registry, credential]
        result = await self._granted(place, challenges, credential, stale)
        if isinstance(result, Grant):
            if result.credential is None:
                self.opening(place).closed(challenges)
            return result
        if found.warnings:
            return result._replace(hint="; ".join([result.hint, *found.warnings]))
        return result

    async def _granted(
        self,
        place: Place,
        challenges: Sequence[Challenge],
        credential: Credential | None,
        stale: Grant | None,
    ) -> _Result:
        key = (place, credential)
        login = self._grants.get(key)
        if login is None or _is_over(login, challenges, stale):
            task = asyncio.create_task(self._log_in(place, challenges, credential))
            login = self._grants[key] = _Login(task, challenges)
        result = await asyncio.shield(login.task)
        if isinstance(result, Grant):
            self._current[place] = result
        return result

    async def use(
        self, place: Place, grant: Grant, send: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """Send the request that a grant was asked for.

        The credential itself is sent by one reference at a time until the registry has accepted it.
        Raises: UnresolvedError when it is turned down, and from ``send``.
        """
        if grant.credential is None:
            return await send()
        key = (place.registry, grant.credential)
        if key in self._accepted:
            return await send()
        async with self._first.setdefault(key, asyncio.Lock()):
            if key in self._refused:
                raise UnresolvedError(self._refused[key])
            answer = await send()
            if answer.status == 401:
                refused = login_refused(place.registry, grant.credential.source)
                refused = hinted(refused, place.registry, answer)
                raise UnresolvedError(self._refuse(place, grant.credential, refused))
            self._accepted.add(key)
        login = self._grants[place, grant.credential]
        self.opening(place).closed(login.challenges)
        return answer

    def _refuse(self, place: Place, credential: Credential, outcome: Unresolved) -> Unresolved:
        """Remember that a login was turned down: asking again may lock its owner out."""
        self._refused[place.registry, credential] = outcome
        return outcome

    async def close(self) -> None:
        """Stop what nobody waits for any more."""
        tasks = [*(login.task for login in self._grants.values()), *self._found.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _find(self, place: Place) -> asyncio.Task[Found]:
        key = (place.registry, place.repository)
        if key not in self._found:
            self._found[key] = asyncio.create_task(asyncio.to_thread(self._credentials.find, *key))
        return self._found[key]

    async def _log_in(
        self, place: Place, challenges: Sequence[Challenge], credential: Credential | None
    ) -> _Result:
        async def work(attempt: Attempt) -> _Result:
            return await log_in(
                place, challenges, credential, lambda request: self._ask(request, attempt)
            )

        if credential is None or (place.registry, credential) in self._accepted:
            return await bounded(self._patience, place.registry, work)
        # One at a time until it has proved good: a wrong password is tried once, not once for each
        # repository.
        key = (place.registry, credential)
        async with self._first.setdefault(key, asyncio.Lock()):
            if key in self._refused:
                return self._refused[key]
            result = await bounded(self._patience, place.registry, work)
            refused = login_refused(place.registry, credential.source)
            if isinstance(result, Unresolved) and result.reason == refused.reason:
                return self._refuse(place, credential, result)
            if isinstance(result, Grant) and result.credential is None:
                self._accepted.add(key)
            return result


def _is_over(login: _Login, challenges: Sequence[Challenge], stale: Grant | None) -> bool:
    """Whether a login is of no more use.

    A failed one would fail again, unless another challenge is to be answered.
    """
    if not login.task.done():
        return False
    result = login.task.result()
    if isinstance(result, Unresolved):
        return essence(login.challenges) != essence(challenges)
    return result == stale or time.monotonic() >= result.expires
