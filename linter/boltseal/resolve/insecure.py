"""Registries that the user calls insecure: TLS with any certificate, and without TLS where need be.

As ``insecure`` in containers-registries.conf(5).
"""

import asyncio
from collections.abc import Awaitable, Callable

from boltseal.resolve.endpoint import Origin
from boltseal.resolve.exchange import Answer, Kind, Request, RequestError

_LIMIT = 64 * 1024
_PORTS = {443: 80}
# Other trouble comes after TLS, or is this side's own: no reason to go without it.
_NO_TLS: frozenset[Kind] = frozenset(
    {"dns", "connect", "handshake", "plain", "timeout", "protocol"}
)


async def spoken(
    origin: Origin, send: Callable[[Request], Awaitable[Answer]], seconds: float
) -> Origin:
    """What such a registry speaks, found out with one question to its root.

    In: its origin with TLS, how to send, and how many seconds one answer may take. Out: that
    origin where TLS is spoken, with whatever certificate; else the one without TLS where that is
    answered; else the first, whose trouble the next question tells.
    """
    if origin.scheme == "http":
        return origin
    plain = Origin("http", origin.host, _PORTS.get(origin.port, origin.port))
    for candidate in (origin, plain):
        try:
            async with asyncio.timeout(seconds):
                await send(Request("GET", f"{candidate.url}/v2/", {}, _LIMIT, verified=False))
        except TimeoutError:
            continue
        except RequestError as error:
            if error.kind in _NO_TLS:
                continue
        return candidate
    return origin
