"""A registry that misbehaves: an HTTP server on 127.0.0.1 that sends whatever bytes it is told to."""

import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import NamedTuple

_MAX_HEAD = 65536
_TLS_HANDSHAKE = b"\x16"


class Asked(NamedTuple):
    """A request as it arrived; ``number`` is how many came before it, ``server`` who was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    number: int
    server: str

    @property
    def label(self) -> str:
        """Method and place in few words, with a star where something was sent to open it."""
        path = self.path.partition("?")[0]
        if "/manifests/" in path:
            place = ""
        else:
            place = " ping" if path == "/v2/" else f" {path.removeprefix('/')}"
        return f"{self.method}{place}{'*' if 'authorization' in self.headers else ''}"


class Ending(Enum):
    """How a connection ends before the client wants it to."""

    CLOSE = "close"
    RESET = "reset"


CLOSE, RESET = Ending.CLOSE, Ending.RESET

Step = bytes | float | Ending
"""Bytes to send, seconds to wait, or the end of the connection."""
Serve = Callable[[Asked], Iterable[Step]]


class Server:
    """What is known of a running server: where it is, and what it was asked."""

    def __init__(self, serve: Serve, greeting: tuple[Step, ...] = ()) -> None:
        self.host = ""
        self.asked: list[Asked] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._serve = serve
        self._greeting = greeting
        self._lock = threading.Lock()

    @property
    def labels(self) -> list[str]:
        return [asked.label for asked in self.asked]

    def talk(self, connection: socket.socket) -> None:
        """Answer the requests of one connection, until either side ends it."""
        with self._lock:
            self.connections += 1
        if not self._send(connection, self._greeting):
            return
        data = b""
        while not self.stopped.is_set():
            while b"\r\n\r\n" not in data:
                part = connection.recv(_MAX_HEAD)
                if not part or (data + part).startswith(_TLS_HANDSHAKE):
                    return
                data += part
            head, _, rest = data.partition(b"\r\n\r\n")
            asked, data = self._note(connection, head.decode("latin-1"), rest)
            if not self._send(connection, self._serve(asked)):
                return

    def _note(self, connection: socket.socket, head: str, rest: bytes) -> tuple[Asked, bytes]:
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.split(":", 1) for line in lines)
        headers = {name.lower(): value.strip() for name, value in pairs}
        length = int(headers.get("content-length", "0"))
        while len(rest) < length:
            rest += connection.recv(_MAX_HEAD)
        with self._lock:
            number = len(self.asked)
            asked = Asked(method, path, headers, rest[:length], number, self.host)
            self.asked.append(asked)
        return asked, rest[length:]

    def _send(self, connection: socket.socket, steps: Iterable[Step]) -> bool:
        """Take the steps; False when the connection is over."""
        for step in steps:
            if isinstance(step, Ending):
                if step is RESET:
                    # A close that lingers for no time sends a reset (socket(7), SO_LINGER).
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
            if isinstance(step, bytes):
                connection.sendall(step)
            elif self.stopped.wait(step):
                return False
        return True


@contextmanager
def misbehaving(serve: Serve, greeting: tuple[Step, ...] = ()) -> Iterator[Server]:
    """Run a server until the end of the block. ``greeting`` is sent before anything is asked."""
    server = Server(serve, greeting)
    failures: list[BaseException] = []

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                server.talk(self.request)
            except OSError:  # The client went away.
                return
            except Exception as error:
                failures.append(error)
                raise

        def finish(self) -> None:
            self.request.close()

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def shutdown_request(self, request: object) -> None:
            """Nothing: ``finish`` has closed it, without the shutdown that would undo a reset."""

    with Listener(("127.0.0.1", 0), Connection) as listener:
        server.host = f"127.0.0.1:{listener.server_address[1]}"
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            listener.shutdown()
            thread.join()
    assert failures == []


def reply(status: int, *headers: str, body: bytes = b"", length: int | None = None) -> Serve:
    """A whole answer. ``{server}`` in a header is the server's own ``host:port``."""
    size = len(body) if length is None else length

    def serve(asked: Asked) -> Iterator[Step]:
        lines = [f"HTTP/1.1 {status} Some Reason", *headers, f"Content-Length: {size}", "", ""]
        yield "\r\n".join(lines).replace("{server}", asked.server).encode("latin-1")
        if asked.method != "HEAD":
            yield body

    return serve


def raw(*steps: Step) -> Serve:
    """These very bytes, whatever was asked."""
    return lambda _: steps


def on(head: Serve, get: Serve) -> Serve:
    """One answer to HEAD, another to all else."""
    return lambda asked: head(asked) if asked.method == "HEAD" else get(asked)


def in_turn(*answers: Serve) -> Serve:
    """One answer after another; the last is repeated."""
    return lambda asked: answers[min(asked.number, len(answers) - 1)](asked)


def at(places: Mapping[str, Serve], otherwise: Serve) -> Serve:
    """By the path of the request, without its query."""
    return lambda asked: places.get(asked.path.partition("?")[0], otherwise)(asked)
