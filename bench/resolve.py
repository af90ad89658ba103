#!/usr/bin/env python3
"""Count and time what 300 unique references over 5 registries cost, each answer 100 ms late.

The registries run in a process of their own on 127.0.0.1. Some ask for a token, which a service on
another port gives; the others are open. Every registry has repositories of one tag and of several.

The ideal client has two round trips for each host, and then asks at the allowed concurrency:

    delay * (2 + ceil(references of a registry / concurrency))

All registries are asked at the same time, so this is also its time for all of them. It knows
everything but the answers: neither processor nor connections cost it anything.
"""

import asyncio
import json
import math
import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from urllib.parse import parse_qs, urlsplit

from boltseal.reference import ImageReference, parse
from boltseal.resolve.outcome import Resolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver

DELAY = 0.1
REGISTRIES, REFERENCES, TAGS = 5, 60, 3
WITH_TOKEN = 3
RUNS = 5
LIMIT = 1.5
DIGEST = "sha256:" + "0" * 64
MEDIA_TYPE = "application/vnd.oci.image.index.v1+json"


class Server:
    """Registries and the token service of some of them; counts what it is asked for."""

    def __init__(self) -> None:
        """Nothing is served yet."""
        self.counts: Counter[str] = Counter()
        self.token_port = 0

    async def serve(self, connection: Connection, stop: Event) -> None:
        """Serve until ``stop`` is set: sends the ports, and a count for every run that asks."""
        token = await asyncio.start_server(self._token, "127.0.0.1", 0)
        self.token_port = token.sockets[0].getsockname()[1]
        handlers = [self._closed] * WITH_TOKEN + [self._open] * (REGISTRIES - WITH_TOKEN)
        servers = [await asyncio.start_server(handler, "127.0.0.1", 0) for handler in handlers]
        connection.send([server.sockets[0].getsockname()[1] for server in servers])
        while not stop.is_set():
            if connection.poll():
                connection.recv()
                connection.send(self.counts)
                self.counts = Counter()
            await asyncio.sleep(0.01)

    async def _open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._each(reader, writer, lambda _, __: _found())

    async def _closed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def answer(target: str, headers: str) -> bytes:
            repository = target.removeprefix("/v2/").partition("/manifests/")[0]
            if f"authorization: bearer {repository}\r\n" in headers.lower():
                return _found()
            realm = f"http://127.0.0.1:{self.token_port}/token"
            scope = f"repository:{repository}:pull"
            challenge = f'Bearer realm="{realm}",service="bench",scope="{scope}"'
            return _answer("401 Unauthorized", f"WWW-Authenticate: {challenge}")

        await self._each(reader, writer, answer)

    async def _token(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def answer(target: str, _: str) -> bytes:
            scope = parse_qs(urlsplit(target).query)["scope"][0]
            return _answer("200 OK", body=json.dumps({"token": scope.split(":")[1]}).encode())

        await self._each(reader, writer, answer)

    async def _each(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answer: Callable[[str, str], bytes],
    ) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                line, _, headers = head.partition("\r\n")
                method, target, _ = line.split(" ")
                self.counts[_kind(method, target)] += 1
                await asyncio.sleep(DELAY)
                writer.write(answer(target, headers))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def _kind(method: str, target: str) -> str:
    if method == "HEAD" and "/manifests/" in target:
        return "HEAD"
    return "token" if target.startswith("/token") else "other"


def _found() -> bytes:
    return _answer("200 OK", f"Docker-Content-Digest: {DIGEST}", f"Content-Type: {MEDIA_TYPE}")


def _answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def _serve(connection: Connection, stop: Event) -> None:
    asyncio.run(Server().serve(connection, stop))


def references(ports: Sequence[int]) -> list[ImageReference]:
    """Unique references: on each registry as many repositories of one tag as tags of others."""
    found = []
    for port in ports:
        for number in range(REFERENCES):
            single = number < REFERENCES // 2
            name = f"one{number}" if single else f"some{number // TAGS}"
            reference = parse(f"127.0.0.1:{port}/team/{name}:{number}")
            assert isinstance(reference, ImageReference)
            found.append(reference)
    return found


def main() -> None:
    """Print requests, times and their ratio."""
    connection, theirs = multiprocessing.Pipe()
    stop = multiprocessing.Event()
    process = multiprocessing.Process(target=_serve, args=(theirs, stop))
    process.start()
    try:
        wanted = references(connection.recv())
        times = []
        for _ in range(RUNS):
            resolver = RegistryResolver()
            start = time.perf_counter()
            outcomes = resolver.resolve(wanted)
            times.append(time.perf_counter() - start)
            assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
            connection.send("count")
            counts = connection.recv()
    finally:
        stop.set()
        process.join()
    concurrency = RegistryOptions().concurrency
    rounds = math.ceil(REFERENCES / concurrency)
    ideal, ours = DELAY * (2 + rounds), statistics.median(times)
    repositories = len({reference.name for reference in wanted})
    print(
        f"resolve: {len(wanted)} references, {repositories} repositories, {REGISTRIES} registries,"
        f" {WITH_TOKEN} of them with tokens, {DELAY * 1000:.0f} ms delay"
    )
    print(
        f"resolve: {counts['HEAD']} HEAD ({WITH_TOKEN} of them told how to log in),"
        f" {counts['token']} tokens, {counts['other']} others"
    )
    print(
        f"resolve: {ours:.3f} s, ideal {DELAY:g} * (2 + {rounds}) = {ideal:.3f} s,"
        f" ratio {ours / ideal:.2f} (limit {LIMIT})"
    )


if __name__ == "__main__":
    main()
