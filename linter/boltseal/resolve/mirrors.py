"""In which order a reference is asked for at its origin and at mirrors of it."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from boltseal.resolve.options import MirrorUse
from boltseal.resolve.outcome import Outcome, Unresolved
from boltseal.resolve.routing import Endpoint, Route

Ask = Callable[[Endpoint], Awaitable[Outcome]]
"""Asks at one place."""


class Answered(NamedTuple):
    """An outcome, and the mirror that it is from; None when it is the origin's."""

    outcome: Outcome
    mirror: Endpoint | None = None


async def ask_along(route: Route, use: MirrorUse, ask: Ask, *, by_digest: bool) -> Answered:
    """Ask along a route until there is a digest.

    In: the route, what the user lets mirrors be used for, how to ask at one place, and whether a
    digest is asked for, which no mirror can be behind with. Out: where no place has a digest, the
    outcome of the origin, with a note of what mirrors said.
    """
    failures: list[str] = []
    if use is MirrorUse.FIRST:
        answered = await _ask_mirrors(route, ask, failures)
        return answered or Answered(_noted(await ask(route.origin), failures))
    outcome = await ask(route.origin)
    if not isinstance(outcome, Unresolved) or not outcome.unreached:
        return Answered(outcome)
    if use is MirrorUse.ORIGIN and not by_digest:
        return Answered(outcome)
    answered = await _ask_mirrors(route, ask, failures)
    return answered or Answered(_noted(outcome, failures))


async def _ask_mirrors(route: Route, ask: Ask, failures: list[str]) -> Answered | None:
    for mirror in route.mirrors:
        outcome = await ask(mirror)
        if not isinstance(outcome, Unresolved):
            return Answered(outcome, mirror)
        failures.append(outcome.reason)
    return None


def _noted(outcome: Outcome, failures: list[str]) -> Outcome:
    if not isinstance(outcome, Unresolved) or not failures:
        return outcome
    return outcome._replace(hint=f"{outcome.hint}; its mirrors: {'; '.join(failures)}")
