import asyncio
import socket
import ssl
import time
from pathlib import Path

import httpx
import pytest

from boltseal.resolve.exchange import Request, RequestError
from boltseal.resolve.http import HttpClient
from boltseal.resolve.manifest import OCI_INDEX
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from tests.resolve import mockregistry
from tests.resolve.mockregistry import INDEX_DIGEST, QUICK, NoCredentials, reason, reference
from tests.resolve.servers import answering, listening, make_certificate, over_tls

FOUND = ["HTTP/1.1 200 OK", f"Docker-Content-Digest: {INDEX_DIGEST}", f"Content-Type: {OCI_INDEX}"]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


def resolve(host: str, options: RegistryOptions = QUICK) -> Outcome:
    text = f"{host}/team/app:1"
    resolver = RegistryResolver(options, credentials=NoCredentials())
    return resolver.resolve([reference(text)])[text]


def plain_only(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def hang_up(connection: socket.socket) -> None:
    connection.recv(65536)


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def test_loopback_is_asked_in_plain_http() -> None:
    with listening(answering(*FOUND)) as port:
        assert resolve(f"127.0.0.1:{port}") == Resolved(INDEX_DIGEST, OCI_INDEX)
        assert resolve(f"localhost:{port}") == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_loopback_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with listening(answering(*FOUND)) as port:
        assert resolve(f"127.0.0.1:{port}") == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_loopback_that_speaks_tls_is_asked_over_tls(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(over_tls(answering(*FOUND), certificate)) as port:
        assert resolve(f"127.0.0.1:{port}") == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_a_certificate_that_is_not_trusted_is_a_reason(certificate: Path) -> None:
    with listening(over_tls(answering(*FOUND), certificate)) as port:
        outcome = resolve(f"127.0.0.1:{port}")
    assert "the TLS certificate of" in reason(outcome)
    assert "SSL_CERT_FILE" in outcome[1]


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        ("SSLV3_ALERT_BAD_CERTIFICATE", "lets in only clients with a certificate"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "lets in only clients with a certificate"),
        ("TLSV1_ALERT_UNKNOWN_CA", "lets in only clients with a certificate"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "no TLS connection to"),
    ],
)
def test_an_alert_after_the_handshake_is_a_reason(alert: str, words: str) -> None:
    """The HTTP library lets the TLS library's error through."""

    def refuse(_: httpx.Request) -> httpx.Response:
        error = ssl.SSLError(1, "a message")
        error.reason = alert
        raise error

    assert words in reason(mockregistry.resolve(refuse))


def test_loopback_that_answers_400_in_plain_http_is_left_at_that() -> None:
    with listening(plain_only) as port:
        assert "status 400" in reason(resolve(f"127.0.0.1:{port}"))


def test_a_refused_connection_is_a_reason() -> None:
    outcome = resolve(f"127.0.0.1:{free_port()}")
    assert reason(outcome).endswith("cannot be reached")


def test_a_name_that_does_not_exist_is_a_reason() -> None:
    outcome = resolve("registry.invalid")
    assert reason(outcome) == "the name registry.invalid cannot be looked up"


def test_a_server_that_speaks_no_http_is_a_reason() -> None:
    with listening(lambda connection: connection.sendall(b"SSH-2.0-x\r\n")) as port:
        assert "did not answer in HTTP" in reason(resolve(f"127.0.0.1:{port}"))


def test_a_server_that_says_nothing_meets_the_deadline() -> None:
    started = time.monotonic()
    with listening(lambda _: time.sleep(0.5)) as port:
        outcome = resolve(f"127.0.0.1:{port}", RegistryOptions(deadline=0.3))
    assert "within 0.3 seconds" in reason(outcome)
    assert time.monotonic() - started < 3


def send(request: Request) -> str:
    async def work() -> str:
        async with HttpClient(1) as client:
            with pytest.raises(RequestError) as caught:
                await client.send(request)
            return caught.value.kind

    return asyncio.run(work())


def test_tls_to_a_server_without_it_is_told_apart() -> None:
    with listening(plain_only) as port:
        assert send(Request("HEAD", f"https://127.0.0.1:{port}/", {}, 1)) == "plain"


def test_a_handshake_that_breaks_off_is_told_apart() -> None:
    with listening(hang_up) as port:
        assert send(Request("HEAD", f"https://127.0.0.1:{port}/", {}, 1)) == "handshake"


@pytest.mark.parametrize(("name", "trusted"), [("cdn.example.net", True), ("x.example.net", False)])
def test_a_name_is_verified_on_the_address_that_was_checked(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool
) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        assert host == name
        return ["127.0.0.1"]

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    blob = ["HTTP/1.1 404 Not Found"]
    with listening(over_tls(answering(*blob), certificate)) as port:
        redirect = answering("HTTP/1.1 307 Moved", f"Location: https://{name}:{port}/x")
        with listening(redirect) as registry:
            text = f"127.0.0.1:{registry}/team/app:1"
            resolver = RegistryResolver(QUICK, credentials=NoCredentials(), lookup=lookup)
            outcome = reason(resolver.resolve([reference(text)])[text])
    if trusted:
        assert outcome == f"no such tag on 127.0.0.1:{registry}"
    else:
        assert f"the TLS certificate of {name}:{port} cannot be verified" in outcome


def test_a_name_that_is_exempt_from_the_proxy_is_reached_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The exemption is for the name; what is connected to is its address."""

    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.2"]  # An address that is exempt by no default.

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "cdn.example.net")
    request = Request("GET", "http://cdn.example.net:1/", {}, 1, pointed_by="http://127.0.0.1:80")
    with socket.create_server(("127.0.0.2", 0)) as server:
        port = server.getsockname()[1]
        url = request.url.replace(":1/", f":{port}/")

        async def work() -> bytes:
            async with HttpClient(1, lookup=lookup) as client:
                asking = asyncio.create_task(client.send(request._replace(url=url)))
                connection, _ = await asyncio.to_thread(server.accept)
                with connection:
                    head = await asyncio.to_thread(connection.recv, 65536)
                    connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
                assert (await asking).status == 404
                return head

        server.settimeout(5)
        assert asyncio.run(work()).startswith(b"GET / HTTP/1.1\r\n")


def test_an_address_that_cannot_be_sent_is_refused() -> None:
    assert send(Request("GET", "https://exa\x00mple/", {}, 1)) == "forbidden"


def test_a_header_that_cannot_be_sent_is_not_repeated() -> None:
    with listening(answering(*FOUND)) as port:
        request = Request("GET", f"http://127.0.0.1:{port}/", {"Authorization": "a\r\nb"}, 1)
        assert send(request) == "protocol"
        assert "a\r\nb" not in repr(request)
