"""Where a host is: its addresses, or a proxy that looks for them itself."""

import asyncio
import socket
import urllib.request

from boltseal.resolve.endpoint import Origin

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Never reached by a proxy, as in other container tools: only this machine can reach itself."""


async def addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host, each once, in the order of the system. Raises: OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_proxied(origin: Origin) -> bool:
    """Whether a proxy reaches the host: it looks the name up itself, and may be the only one to."""
    proxies = urllib.request.getproxies()
    if origin.host in LOCAL or not (origin.scheme in proxies or "all" in proxies):
        return False
    return not urllib.request.proxy_bypass(origin.name)
