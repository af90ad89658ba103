"""What can be watched while registries are asked. No event carries a secret.

Every text in an event is safe to print.
"""

from collections.abc import Callable
from typing import NamedTuple

from boltseal.reference import ImageReference
from boltseal.resolve.outcome import Outcome
from boltseal.resolve.quota import Quota


class Started(NamedTuple):
    """So many references are asked about from now on."""

    total: int


class Asked(NamedTuple):
    """A request is on its way to a host."""

    host: str


class Exchange(NamedTuple):
    """One request, sent once, and what came of it.

    ``address`` is where it went, without login, query and fragment; ``scope`` is what a token was
    asked for. ``status`` is 0 when no answer came, and ``trouble`` then says why. ``quota`` is what
    the answer says of a rate limit, ``announced`` what it tells the users of the registry.
    """

    method: str
    host: str
    address: str
    scope: str
    seconds: float = 0.0
    status: int = 0
    trouble: str = ""
    quota: Quota | None = None
    announced: tuple[str, ...] = ()


class Paused(NamedTuple):
    """The next request to a host waits for some seconds, and why."""

    host: str
    seconds: float
    reason: str


class LoggedIn(NamedTuple):
    """A registry asked for a login; ``source`` is where it is from, or '' when there is none."""

    registry: str
    source: str


class Finished(NamedTuple):
    """One reference is done with."""

    reference: ImageReference
    outcome: Outcome


class Ended(NamedTuple):
    """All references are done with, or the run was broken off."""


Event = Started | Asked | Exchange | Paused | LoggedIn | Finished | Ended
Observer = Callable[[Event], None]
"""Is told every event, in the event loop in which it happens. Raises nothing and returns soon."""


def ignore(event: Event) -> None:
    """Watch nothing."""
