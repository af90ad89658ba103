"""The logins of a run: each asked for once, however many references need it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from boltseal.resolve.attempt import Attempt, Patience, UnresolvedError, bounded
from boltseal.resolve.challenge import Challenge
from boltseal.resolve.credential import Credential, Found
from boltseal.resolve.credentials import Credentials
from boltseal.resolve.exchange import Answer, Request
from boltseal.resolve.login import Grant, Place, log_in
from boltseal.resolve.observer import LoggedIn, Observer, ignore
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.refusal import hinted, login_refused

_Result = Grant | Unresolved


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

        In: where credentials are; the bounds of a token request; how to send one; who is told where
        logins are from.
        """
        self.warnings: dict[str, None] = {}
        self._credentials = credentials
        self._patience = patience
        self._ask = ask
        self._observer = observer
        self._found: dict[tuple[str, str], asyncio.Task[Found]] = {}
        self._grants: dict[tuple[str, str, Credential | None], asyncio.Task[_Result]] = {}
        self._current: dict[tuple[str, str], Grant] = {}
        self._refused: dict[tuple[str, Credential], Unresolved] = {}
        self._accepted: set[tuple[str, Credential]] = set()
        self._first: dict[tuple[str, Credential], asyncio.Lock] = {}

    def current(self, place: Place) -> Grant | None:
        """What opened this repository before, unless its time is over."""
        grant = self._current.get((place.registry, place.repository))
        if grant is None or time.monotonic() >= grant.expires:
            return None
        if grant.credential and (place.registry, grant.credential) not in self._accepted:
            return None
        return grant

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
        if credential and (place.registry, credential) in self._refused:
            return self._refused[place.registry, credential]
        key = (place.registry, place.repository, credential)
        task = self._grants.get(key)
        if task is None or (task.done() and _is_over(task.result(), stale)):
            task = asyncio.create_task(self._log_in(place, challenges, credential))
            self._grants[key] = task
        result = await asyncio.shield(task)
        if isinstance(result, Grant):
            self._current[place.registry, place.repository] = result
        elif found.warnings:
            return result._replace(hint="; ".join([result.hint, *found.warnings]))
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
            return self._judged(place, grant.credential, await send())
        async with self._first.setdefault(key, asyncio.Lock()):
            if key in self._refused:
                raise UnresolvedError(self._refused[key])
            answer = self._judged(place, grant.credential, await send())
            self._accepted.add(key)
            return answer

    def _judged(self, place: Place, credential: Credential, answer: Answer) -> Answer:
        if answer.status == 401:
            outcome = login_refused(place.registry, credential.source)
            outcome = hinted(outcome, place.registry, answer)
            raise UnresolvedError(self._refuse(place, credential, outcome))
        return answer

    def _refuse(self, place: Place, credential: Credential, outcome: Unresolved) -> Unresolved:
        """Remember that a login was turned down: asking again may lock its owner out."""
        self._refused[place.registry, credential] = outcome
        return outcome

    async def close(self) -> None:
        """Stop what nobody waits for any more."""
        tasks = [*self._grants.values(), *self._found.values()]
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

        if credential is None:
            return await bounded(self._patience, place.registry, work)
        # One at a time: a wrong password is tried once, not once for each repository.
        key = (place.registry, credential)
        async with self._first.setdefault(key, asyncio.Lock()):
            if key in self._refused:
                return self._refused[key]
            result = await bounded(self._patience, place.registry, work)
            refused = login_refused(place.registry, credential.source)
            if isinstance(result, Unresolved) and result.reason == refused.reason:
                return self._refuse(place, credential, result)
            return result


def _is_over(result: _Result, stale: Grant | None) -> bool:
    """Whether a finished login is of no more use. A failed one stays: it would fail again."""
    if isinstance(result, Unresolved):
        return False
    return result == stale or time.monotonic() >= result.expires
