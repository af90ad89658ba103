"""A registry over TLS that speaks HTTP/2 as it is told to, and HTTP/1.1 as it should."""

import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

NAME = "registry.example.com"
_SECONDS = 20.0
_LENIENT = h2.config.H2Configuration(
    client_side=False,
    validate_inbound_headers=False,
    validate_outbound_headers=False,
    normalize_outbound_headers=False,
)


class Asked(NamedTuple):
    """A request as it arrived: over which protocol, and on the how manieth connection."""

    protocol: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    stream: int = 0

    @property
    def label(self) -> str:
        """Protocol, method and place in few words."""
        path = self.path.partition("?")[0]
        place = "" if "/manifests/" in path else f" {path.removeprefix('/')}"
        return f"{self.protocol} {self.method}{place}"


class Talk:
    """One connection that speaks HTTP/2."""

    def __init__(self, server: "Server", connection: socket.socket, number: int) -> None:
        self.server = server
        self.number = number
        self.connection = connection
        self.state = h2.connection.H2Connection(_LENIENT)

    def answer(
        self,
        asked: Asked,
        status: int | str,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> None:
        """Send a whole answer."""
        pairs = [(":status", str(status)), *headers]
        self.state.send_headers(asked.stream, pairs, end_stream=not body)
        while body:
            part, body = body[:16384], body[16384:]
            while self.state.local_flow_control_window(asked.stream) < len(part):
                self.flush()
                self.state.receive_data(self.connection.recv(65536))
            self.state.send_data(asked.stream, part, end_stream=not body)
        self.flush()

    def reset(self, asked: Asked, code: int) -> None:
        """End one exchange with a code (RFC 9113 section 7)."""
        self.state.reset_stream(asked.stream, code)
        self.flush()

    def go_away(self, code: int, last: int) -> None:
        """Tell that the connection is over (RFC 9113 section 6.8)."""
        self.raw(struct.pack(">I", last) + struct.pack(">I", code), kind=7)

    def raw(self, payload: bytes, *, kind: int, flags: int = 0, stream: int = 0) -> None:
        """Send a frame of these very bytes (RFC 9113 section 4.1)."""
        self.flush()
        head = struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream)
        self.connection.sendall(head + payload)

    def settings(self, **values: int) -> None:
        """Send settings by their names in RFC 9113 section 6.5.2."""
        codes = {getattr(h2.settings.SettingCodes, name): value for name, value in values.items()}
        self.state.update_settings(codes)
        self.flush()

    def flush(self) -> None:
        """Send what the protocol's own bookkeeping wants to be sent."""
        self.connection.sendall(self.state.data_to_send())

    def run(self) -> None:
        """Answer what is asked until either side ends it."""
        self.server.start(self)
        waiting: list[Asked] = []
        while True:
            if waiting:
                self.connection.settimeout(self.server.patience)
            try:
                data = self.connection.recv(65536)
            except TimeoutError:
                data = b""
            if not data and not waiting:
                return
            waiting += self._asked(data)
            if data and self.server.patience:
                continue
            self.server.most = max(self.server.most, len(waiting))
            for asked in waiting:
                self.server.serve(asked, self)
            waiting = []
            self.connection.settimeout(_SECONDS)

    def _asked(self, data: bytes) -> list[Asked]:
        events = self.state.receive_data(data)
        self.flush()
        return [
            self._read(event) for event in events if isinstance(event, h2.events.RequestReceived)
        ]

    def _read(self, event: h2.events.RequestReceived) -> Asked:
        headers = {name.decode(): value.decode() for name, value in event.headers}
        body = b""
        while event.stream_ended is None and headers[":method"] == "POST":
            for part in self.state.receive_data(self.connection.recv(65536)):
                if isinstance(part, h2.events.DataReceived):
                    body += part.data
                if isinstance(part, h2.events.StreamEnded):
                    event.stream_ended = part
        asked = Asked(
            "h2",
            headers[":method"],
            headers[":path"],
            headers,
            body,
            self.number,
            event.stream_id,
        )
        self.server.note(asked)
        return asked


Serve = Callable[[Asked, Talk], None]
Start = Callable[[Talk], None]


class Closed(Exception):
    """Raised by what serves, to end the connection."""


def usual(talk: Talk) -> None:
    """Begin as servers do."""
    talk.state.initiate_connection()
    talk.flush()


class Server:
    """What is known of a running server: where it is, and what it was asked."""

    def __init__(self, serve: Serve, start: Start, plain: bytes, patience: float) -> None:
        self.serve = serve
        self.start = start
        self.patience = patience
        self.host = ""
        self.asked: list[Asked] = []
        self.connections = 0
        self.most = 0
        self.alone = False
        self.coming = threading.Condition()
        self.came = 0
        self.stopped = threading.Event()
        self._plain = plain
        self._lock = threading.Lock()

    @property
    def labels(self) -> list[str]:
        return [asked.label for asked in self.asked]

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)

    def gather(self, together: int) -> None:
        """Let each but the first connection wait until so many have come; note one that is alone."""
        with self.coming:
            self.came += 1
            self.coming.notify_all()
            if self.came > 1:
                enough = self.coming.wait_for(lambda: self.came > together, 3)
                self.alone = self.alone or not enough

    def talk(self, connection: ssl.SSLSocket) -> None:
        """Speak what was agreed on."""
        with self._lock:
            self.connections += 1
            number = self.connections
        if connection.selected_alpn_protocol() == "h2":
            Talk(self, connection, number).run()
        else:
            self._talk_plainly(connection, number)

    def _talk_plainly(self, connection: ssl.SSLSocket, number: int) -> None:
        data = b""
        while part := connection.recv(65536):
            data += part
            head, found, rest = data.partition(b"\r\n\r\n")
            if found:
                method, path, _ = head.decode().partition("\r\n")[0].split(" ")
                self.note(Asked("h1", method, path, {}, b"", number))
                self.stopped.wait(self.patience)
                connection.sendall(self._plain)
                data = rest


@contextmanager
def speaking(
    serve: Serve,
    certificate: Path,
    *,
    start: Start = usual,
    plain: bytes = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    protocols: tuple[str, ...] = ("h2", "http/1.1"),
    clients: Path | None = None,
    patience: float = 0.0,
    together: int = 1,
) -> Iterator[Server]:
    """Run a server until the end of the block.

    ``start`` begins a connection that speaks HTTP/2, ``serve`` takes its requests, ``plain`` is
    what is answered over HTTP/1.1, ``protocols`` what is offered, ``clients`` an authority whose
    certificates are wanted. ``patience``: seconds without a further request before those that came
    are answered, all at once. ``together``: how many connections beside the first have to come
    before any of them is spoken on.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if protocols:
        context.set_alpn_protocols(protocols)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    server = Server(serve, start, plain, patience)
    failures: list[BaseException] = []

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(_SECONDS)
            server.gather(together)
            try:
                with context.wrap_socket(self.request, server_side=True) as secure:
                    server.talk(secure)
            except (OSError, Closed, h2.exceptions.ProtocolError):  # The client went away.
                return
            except Exception as error:
                failures.append(error)
                raise

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Listener(("127.0.0.1", 0), Connection) as listener:
        server.host = f"{NAME}:{listener.server_address[1]}"
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            listener.shutdown()
            thread.join()
    assert failures == []
