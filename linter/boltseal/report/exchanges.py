"""Every exchange with a registry on a line of its own, for those who ask what goes on."""

from collections.abc import Callable

from boltseal.printable import printable
from boltseal.resolve.observer import Event, Exchange, LoggedIn, Paused


class Exchanges:
    """An observer that says what was asked, what came back, and why it waits. No secrets."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """In: where lines go."""
        self._say = say
        self._logins: set[LoggedIn] = set()

    def __call__(self, event: Event) -> None:
        """Look at one event."""
        if isinstance(event, Exchange):
            self._say(printable(_exchange(event)))
        elif isinstance(event, Paused):
            waits = f"waiting {event.seconds:.1f} s for {event.host}: {event.reason}"
            self._say(printable(waits))
        elif isinstance(event, LoggedIn) and event not in self._logins:
            self._logins.add(event)
            self._say(printable(_login(event)))


def _exchange(exchange: Exchange) -> str:
    scope = f" scope={exchange.scope}" if exchange.scope else ""
    result = str(exchange.status) if exchange.status else f"no answer: {exchange.trouble}"
    left = f", {exchange.quota}" if exchange.quota else ""
    took = f"{exchange.seconds * 1000:.0f} ms"
    return f"{exchange.method} {exchange.address}{scope} {result} ({took}{left})"


def _login(login: LoggedIn) -> str:
    if login.source:
        return f"the login for {login.registry} is from {login.source}"
    return f"no login for {login.registry} is known"
