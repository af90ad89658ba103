"""Registries over TLS on 127.0.0.1, each answer and each connection as late as over a network.

They run in a process of their own. A connection is late before its handshake, so a client learns
as late as from a distant server which protocols there are.
"""

import asyncio
import multiprocessing
import os
import socket
import ssl
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from bench import http1_server, http2_server
from bench.certificate import DOMAIN, Pair, issue
from bench.registry import Registry

Serve = Callable[[Registry, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HTTP2, HTTP1 = "h2", "http/1.1"
"""Names of protocols in ALPN (RFC 7301)."""
PROTOCOLS: Mapping[str, Serve] = {HTTP2: http2_server.serve, HTTP1: http1_server.serve}
"""What serves a connection, the protocol that is liked best first."""
CONNECTION_ROUND_TRIPS = 2
"""One for TCP, one for TLS 1.3."""
_BACKLOG = 1024


class Setting(NamedTuple):
    """How many registries there are, the seconds of a round trip, and the protocols spoken.

    ``protocols`` are names of ALPN, the one that is liked best first; by default all of them.
    """

    registries: int = 1
    delay: float = 0.1
    protocols: tuple[str, ...] = tuple(PROTOCOLS)


class Served(NamedTuple):
    """Running registries: their ``name:port``, and the file of the authority to trust.

    The names mean 127.0.0.1 only to who is told so; see `ports` for who is not.
    """

    hosts: tuple[str, ...]
    authority: Path
    connection: Connection

    @property
    def ports(self) -> list[int]:
        """The ports, in the order of ``hosts``."""
        return [int(host.rpartition(":")[2]) for host in self.hosts]

    def counts(self) -> Counter[str]:
        """What all registries were asked for since the last call; see `Registry`."""
        self.connection.send("counts")
        counts: Counter[str] = self.connection.recv()
        return counts


@contextmanager
def serving(setting: Setting) -> Iterator[Served]:
    """Run registries until the end of the block."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        pair = issue(Path(folder))
        process = spawn.Process(target=_run, args=(setting, pair, theirs), daemon=True)
        process.start()
        try:
            ports: list[int] = ours.recv()
            hosts = (f"r{number}.{DOMAIN}:{port}" for number, port in enumerate(ports))
            yield Served(tuple(hosts), pair.certificate, ours)
        finally:
            process.terminate()
            process.join()


def _run(setting: Setting, pair: Pair, connection: Connection) -> None:
    asyncio.run(_serve(setting, pair, connection))


async def _serve(setting: Setting, pair: Pair, connection: Connection) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pair.certificate, pair.key)
    context.set_alpn_protocols(list(setting.protocols))
    registries = [Registry(setting.delay) for _ in range(setting.registries)]
    listeners = [_listener() for _ in registries]
    connection.send([listener.getsockname()[1] for listener in listeners])

    def tell() -> None:
        try:
            connection.recv()
        except EOFError:  # who asks was ended
            os._exit(1)
        connection.send(sum((registry.counts for registry in registries), Counter()))
        for registry in registries:
            registry.counts.clear()

    asyncio.get_running_loop().add_reader(connection.fileno(), tell)
    async with asyncio.TaskGroup() as group:
        for registry, listener in zip(registries, listeners, strict=True):
            group.create_task(_accept(group, registry, listener, context))


def _listener() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
    listener.setblocking(False)
    return listener


async def _accept(
    group: asyncio.TaskGroup, registry: Registry, listener: socket.socket, context: ssl.SSLContext
) -> None:
    while True:
        accepted, _ = await asyncio.get_running_loop().sock_accept(listener)
        registry.counts["connection"] += 1
        group.create_task(_connect(registry, accepted, context))


async def _connect(registry: Registry, accepted: socket.socket, context: ssl.SSLContext) -> None:
    await asyncio.sleep(CONNECTION_ROUND_TRIPS * registry.delay)
    reader = asyncio.StreamReader()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        spoken = writer.get_extra_info("ssl_object").selected_alpn_protocol() or HTTP1
        await PROTOCOLS[spoken](registry, reader, writer)

    protocol = asyncio.StreamReaderProtocol(reader, serve)
    loop = asyncio.get_running_loop()
    try:
        await loop.connect_accepted_socket(lambda: protocol, accepted, ssl=context)
    except (OSError, ssl.SSLError):
        accepted.close()
