#!/usr/bin/env python3
"""Measure in round trips what references at one registry cost, with nothing known beforehand.

The registry runs in a process of its own on 127.0.0.1, over TLS. A new connection costs two round
trips before its handshake begins (TCP and TLS), every answer one. Each repository asks for a token
of its own, which the registry's own host gives. Over HTTP/2 it takes 100 requests at a time on a
connection; run with ``--http1`` it offers only HTTP/1.1.

The least that a client can need, with as many requests at a time as HTTP/2 allows here:

    2 (connect) + 1 (how to log in) + the larger of 2 and ceil(2 * references / 100)
"""

import argparse
import asyncio
import datetime
import json
import multiprocessing
import os
import socket
import ssl
import statistics
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from boltseal.reference import ImageReference, parse
from boltseal.resolve.credential import Found
from boltseal.resolve.outcome import Resolved
from boltseal.resolve.registry import RegistryResolver

HOST = "registry.example.com"
DIGEST = "sha256:" + "0" * 64
MEDIA_TYPE = "application/vnd.oci.image.index.v1+json"
STREAMS = 100
COUNTS = (1, 10, 100, 500)


class Registry:
    """What the connections of a registry have in common: the delay, and what it counts."""

    def __init__(self, delay: float) -> None:
        """In: seconds of a round trip."""
        self.delay = delay
        self.port = 0
        self.counts: Counter[str] = Counter()
        self.running = 0

    def answer(
        self, method: str, target: str, authorization: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        path = urlsplit(target).path
        if path == "/token":
            self.counts["tokens"] += 1
            scope = parse_qs(urlsplit(target).query)["scope"][0]
            body = json.dumps({"token": scope.split(":")[1], "expires_in": 300}).encode()
            return 200, {"content-type": "application/json"}, body
        repository = path.removeprefix("/v2/").partition("/manifests/")[0]
        if authorization != f"Bearer {repository}":
            self.counts["refused"] += 1
            realm = f"https://{HOST}:{self.port}/token"
            scope = f"repository:{repository}:pull"
            return (
                401,
                {"www-authenticate": f'Bearer realm="{realm}",service="bench",scope="{scope}"'},
                b"",
            )
        self.counts[method] += 1
        return 200, {"content-type": MEDIA_TYPE, "docker-content-digest": DIGEST}, b""

    def started(self) -> None:
        """Count a request that is under way."""
        self.running += 1
        self.counts["at a time"] = max(self.counts["at a time"], self.running)


class Talk(asyncio.Protocol):
    """One connection, in the protocol that the handshake agreed on."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.loop = asyncio.get_running_loop()
        self.head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, over HTTP/2 with what may be asked at a time."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.registry.counts["connections"] += 1
        agreed = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        self.h2: h2.connection.H2Connection | None = None
        if agreed == "h2":
            self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
            code = h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS
            self.h2.local_settings[code] = STREAMS
            self.h2.initiate_connection()
            self.transport.write(self.h2.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Read what is asked."""
        if self.h2 is None:
            self.head += data
            self._read_http1()
            return
        for event in self.h2.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                headers = {name.decode(): value.decode() for name, value in event.headers}
                self.registry.started()
                self.loop.call_later(self.registry.delay, self._answer_h2, event.stream_id, headers)
        self.transport.write(self.h2.data_to_send())

    def _answer_h2(self, stream: int, asked: dict[str, str]) -> None:
        self.registry.running -= 1
        assert self.h2 is not None
        status, headers, body = self.registry.answer(
            asked[":method"], asked[":path"], asked.get("authorization", "")
        )
        head = {":status": str(status), **headers, "content-length": str(len(body))}
        try:
            self.h2.send_headers(stream, list(head.items()), end_stream=not body)
            if body:
                self.h2.send_data(stream, body, end_stream=True)
        except h2.exceptions.ProtocolError:  # The client gave it up.
            return
        self.transport.write(self.h2.data_to_send())

    def _read_http1(self) -> None:
        head, found, self.head = self.head.partition(b"\r\n\r\n")
        if not found:
            self.head = head
            return
        line, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ")
        headers = {name.lower(): value for name, _, value in (it.partition(": ") for it in lines)}
        self.registry.started()
        asked = (method, target, headers.get("authorization", ""))
        self.loop.call_later(self.registry.delay, self._answer_http1, asked)

    def _answer_http1(self, asked: tuple[str, str, str]) -> None:
        self.registry.running -= 1
        status, headers, body = self.registry.answer(*asked)
        lines = [f"{name}: {value}" for name, value in headers.items()]
        head = [f"HTTP/1.1 {status} -", *lines, f"content-length: {len(body)}", "", ""]
        self.transport.write("\r\n".join(head).encode() + body)


async def _serve(connection: Connection, certificate: str, delay: float, http1: bool) -> None:
    """Serve until told to end; answer all else that arrives with the counts so far."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["http/1.1"] if http1 else ["h2", "http/1.1"])
    registry = Registry(delay)
    loop = asyncio.get_running_loop()

    async def talk(client: socket.socket) -> None:
        await asyncio.sleep(2 * delay)
        try:
            await loop.connect_accepted_socket(lambda: Talk(registry), client, ssl=context)
        except OSError:  # The client went away.
            client.close()

    with socket.create_server(("127.0.0.1", 0), backlog=1000) as server:
        server.setblocking(False)
        registry.port = server.getsockname()[1]
        connection.send(registry.port)
        talks: set[asyncio.Task[None]] = set()

        async def accept() -> None:
            while True:
                client, _ = await loop.sock_accept(server)
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                task = asyncio.create_task(talk(client))
                talks.add(task)
                task.add_done_callback(talks.discard)

        accepting = asyncio.create_task(accept())
        while (await asyncio.to_thread(connection.recv)) != "end":
            connection.send(registry.counts)
            registry.counts = Counter()
        accepting.cancel()


def serve(connection: Connection, certificate: str, delay: float, http1: bool) -> None:
    """Run a registry; its port goes over the connection, and counts when asked for."""
    asyncio.run(_serve(connection, certificate, delay, http1))


def make_certificate(path: Path) -> None:
    """Write a key and a certificate for the host that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))


def resolve_here() -> None:
    """Let the registry's name stand for this machine, as a line of /etc/hosts would."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        here = host in (HOST, HOST.encode())
        return look_up("127.0.0.1" if here else host, *args, **options)

    socket.getaddrinfo = getaddrinfo


class NoCredentials:
    """Knows no login."""

    def find(self, registry: str, repository: str) -> Found:  # noqa: ARG002 - the protocol's
        """Nothing."""
        return Found()


def references(port: int, count: int) -> list[ImageReference]:
    """So many repositories, with one tag each."""
    found = []
    for number in range(count):
        reference = parse(f"{HOST}:{port}/team/app{number}:1")
        assert isinstance(reference, ImageReference)
        found.append(reference)
    return found


def measure(
    connection: Connection, port: int, count: int, runs: int
) -> tuple[list[float], list[float], Counter[str]]:
    """Wall and CPU seconds of every run, and what the last one asked for."""
    wall, cpu = [], []
    wanted = references(port, count)
    for _ in range(runs):
        resolver = RegistryResolver(credentials=NoCredentials())
        started, used = time.perf_counter(), time.process_time()
        outcomes = resolver.resolve(wanted)
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
        failed = [it for it in outcomes.values() if not isinstance(it, Resolved)]
        assert not failed, failed[:3]
        connection.send("counts")
        counts: Counter[str] = connection.recv()
    return wall, cpu, counts


def main() -> None:
    """Print a line for every number of references."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--http1", action="store_true", help="offer only HTTP/1.1")
    parser.add_argument("--delay", type=float, default=100, help="milliseconds of a round trip")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS)
    options = parser.parse_args()
    delay = options.delay / 1000
    resolve_here()
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "registry.pem"
        make_certificate(certificate)
        os.environ["SSL_CERT_FILE"] = str(certificate)
        ours, theirs = multiprocessing.Pipe()
        arguments = (theirs, str(certificate), delay, options.http1)
        process = multiprocessing.Process(target=serve, args=arguments)
        process.start()
        try:
            port = ours.recv()
            for count in options.counts:
                wall, cpu, counts = measure(ours, port, count, options.runs)
                asked = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
                print(
                    f"{count} references: {statistics.median(wall) / delay:.1f} round trips,"
                    f" {statistics.median(cpu):.2f} s CPU; {asked}",
                    flush=True,
                )
        finally:
            ours.send("end")
            process.join()


if __name__ == "__main__":
    main()
