"""Small servers on 127.0.0.1 that misbehave on purpose."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Serve = Callable[[socket.socket], None]


@contextmanager
def listening(serve: Serve) -> Iterator[int]:
    """Run ``serve`` on every connection, in one thread; the port comes out."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def loop() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(2)
                    try:
                        serve(connection)
                    except OSError:  # The client went away, or did not like the certificate.
                        continue

        thread = threading.Thread(target=loop)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def answering(*lines: str) -> Serve:
    """Answer every request with these header lines and no body, then close."""

    def serve(connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return
            data += part
        head = "\r\n".join([*lines, "Content-Length: 0", "Connection: close", "", ""])
        connection.sendall(head.encode())

    return serve


def over_tls(serve: Serve, certificate: Path, *, clients: Path | None = None) -> Serve:
    """Speak TLS first; to plain http answer 400, as usual servers do.

    With ``clients``, an authority's certificate, only with clients that it knows.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)

    def serve_tls(connection: socket.socket) -> None:
        if connection.recv(1, socket.MSG_PEEK) in (b"H", b"G"):
            answering("HTTP/1.0 400 Bad Request")(connection)
            return
        with context.wrap_socket(connection, server_side=True) as secure:
            serve(secure)

    return serve_tls


def make_certificate(path: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 and two names that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.DNSName("cdn.example.net"),
        x509.DNSName("registry.example.com"),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
