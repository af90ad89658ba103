"""A login reaches its registry and nobody else, where the user's files send questions elsewhere.

Mirrors, locations, registries without TLS, and client certificates: one test for each way.
"""

import json
import shutil
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from boltseal.resolve.credential import Credential, Found
from boltseal.resolve.options import MirrorUse, RegistryOptions
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.resolve.registry import RegistryResolver
from boltseal.resolve.routing import Mirror, Namespace
from tests.resolve.mockregistry import (
    APP,
    HOST,
    INDEX_DIGEST,
    QUICK,
    NoCredentials,
    challenge,
    found,
    reference,
    resolver,
    sent,
)
from tests.resolve.servers import Serve, listening, make_certificate
from tests.resolve.test_leaks import BASIC, PASSWORD, TOKEN, USER, World, opened

MIRROR = "mirror.example.net"
PINNED = f"{HOST}/team/app@{INDEX_DIGEST}"


class OneLogin:
    """A login for one registry, and none for any other."""

    def __init__(self, registry: str = HOST) -> None:
        self._registry = registry

    def find(self, registry: str, repository: str) -> Found:  # noqa: ARG002 - the protocol's
        if registry != self._registry:
            return Found()
        return Found(Credential("a file", USER, PASSWORD))


def options(use: MirrorUse, *, insecure: bool = False, location: str = "") -> RegistryOptions:
    mirrors = (Mirror(f"{MIRROR}/copies", insecure=insecure),)
    space = Namespace(HOST, "registries.conf", location, mirrors=() if location else mirrors)
    return QUICK._replace(namespaces=(space,), mirrors=use, retries=0)


def ask(world: World, asked: RegistryOptions, text: str = APP, registry: str = HOST) -> Outcome:
    return resolver(world, OneLogin(registry), asked).resolve([reference(text)])[text]


@pytest.mark.parametrize("scheme", ["Basic", "Bearer"])
def test_mirror_that_is_asked_first_and_wants_a_login(scheme: str) -> None:
    """It gets none; then the origin does."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"token": TOKEN})
        if opened(request) and request.url.host == HOST:
            return found()
        realm = f"https://{request.url.host}/token"
        return challenge(f'{scheme} realm="{realm}"')

    world = World(answer)
    assert isinstance(ask(world, options(MirrorUse.FIRST)), Resolved)
    world.was_opened()
    for request in world.stolen:
        assert PASSWORD not in f"{request.url}{request.headers.raw!r}"
        assert not request.headers.get("authorization", "").startswith("Basic")


def test_mirror_that_is_asked_after_the_origin_was_opened() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == MIRROR:
            return found() if opened(request) else BASIC
        if opened(request):
            raise httpx.ReadError("gone")
        return BASIC

    world = World(answer)
    ask(world, options(MirrorUse.FALLBACK), PINNED)
    world.was_opened()
    world.keeps_its_secrets()


def test_mirror_that_redirects_to_an_attacker() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == MIRROR and opened(request):
            if request.method == "HEAD":
                return httpx.Response(405)
            return httpx.Response(307, headers={"Location": "https://evil.example.net/blob"})
        return BASIC if request.url.host == MIRROR else sent()

    world = World(answer, f"https://{MIRROR}")
    ask(world, options(MirrorUse.FIRST), registry=MIRROR)
    world.was_opened()
    world.keeps_its_secrets()


def test_mirror_that_redirects_to_its_origin() -> None:
    """The login of the mirror does not reach the origin either."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == MIRROR and opened(request):
            if request.method == "HEAD":
                return httpx.Response(405)
            return httpx.Response(307, headers={"Location": f"https://{HOST}/v2/x"})
        return BASIC if request.url.host == MIRROR else sent()

    world = World(answer, f"https://{MIRROR}")
    ask(world, options(MirrorUse.FIRST), registry=MIRROR)
    world.was_opened()
    world.keeps_its_secrets()


def test_mirror_that_names_the_token_service_of_its_origin() -> None:
    """The login of the origin is not sent to its own token service for a mirror's sake."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"token": TOKEN})
        if request.url.host == MIRROR and not opened(request):
            return challenge(f'Bearer realm="https://{HOST}/token",service="s"')
        return found()

    world = World(answer)
    ask(world, options(MirrorUse.FIRST))
    assert [request.headers.get("authorization") for request in world.owned] == [None]


def test_mirror_in_plain_http() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == MIRROR and request.url.scheme == "https":
            raise httpx.ConnectError("no TLS")
        return found() if opened(request) else BASIC

    world = World(answer)
    ask(world, options(MirrorUse.FIRST, insecure=True))
    world.was_opened()
    world.keeps_its_secrets()


def test_location_that_moves_a_registry_to_another_host() -> None:
    """The login is that of the host that is asked, not of the one that is named."""
    world = World(lambda request: found() if opened(request) else BASIC)
    ask(world, options(MirrorUse.ORIGIN, location=f"{MIRROR}/moved"))
    assert world.owned == []
    world.keeps_its_secrets()


Seen = list[object]


def _shows(certificate: Path, seen: Seen, *lines: str) -> Serve:
    """Keep which certificate a client shows, then answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(certificate)

    def serve(connection: socket.socket) -> None:
        if connection.recv(1, socket.MSG_PEEK) in (b"H", b"G"):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            return
        with context.wrap_socket(connection, server_side=True) as secure:
            data = b""
            while b"\r\n\r\n" not in data:
                data += secure.recv(65536)
            seen.append(secure.getpeercert())
            head = "\r\n".join([*lines, "Content-Length: 0", "Connection: close", "", ""])
            secure.sendall(head.encode())

    return serve


def test_client_certificate_of_a_registry_that_redirects(tmp_path: Path) -> None:
    """It is shown to the registry, and not where that points: not even where one is configured."""
    certificate = make_certificate(tmp_path / "own.pem")
    owner: Seen = []
    attacker: Seen = []
    with listening(_shows(certificate, attacker, "HTTP/1.1 404 Not Found")) as evil:
        moved = ("HTTP/1.1 307 Go", f"Location: https://127.0.0.1:{evil}/blob")
        with listening(_shows(certificate, owner, *moved)) as port:
            folders = tmp_path / "certs.d"
            for number in (port, evil):
                folder = folders / f"127.0.0.1:{number}"
                folder.mkdir(parents=True)
                for name in ("ca.crt", "client.cert", "client.key"):
                    shutil.copy(certificate, folder / name)
            asked = QUICK._replace(certificate_folders=(str(folders),), retries=0)
            RegistryResolver(asked, credentials=NoCredentials()).resolve(
                [reference(f"127.0.0.1:{port}/app:1")]
            )
    assert owner
    assert all(owner)
    assert attacker
    assert not any(attacker)


def test_client_certificate_for_one_port_at_another(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "own.pem")
    seen: Seen = []
    with listening(_shows(certificate, seen, "HTTP/1.1 404 Not Found")) as port:
        folder = tmp_path / "certs.d" / f"127.0.0.1:{port + 1}"
        folder.mkdir(parents=True)
        for name in ("ca.crt", "client.cert", "client.key"):
            shutil.copy(certificate, folder / name)
        asked = QUICK._replace(
            certificate_folders=(str(folder.parent),), ca_file=str(certificate), retries=0
        )
        RegistryResolver(asked, credentials=NoCredentials()).resolve(
            [reference(f"127.0.0.1:{port}/app:1")]
        )
    assert seen
    assert not any(seen)


def test_hostile_tree_says_nothing_of_registries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the user's file may say ends the run where the tree says it."""
    from boltseal import start

    (tmp_path / "Dockerfile").write_text("FROM 127.0.0.1:1/app:1\n")
    monkeypatch.chdir(tmp_path)
    for key in ("registries", "auth-file", "ca-file", "mirrors", "plain-http", "token-hosts"):
        (tmp_path / "boltseal.toml").write_text(f"{key} = {json.dumps(['evil.example.net'])}\n")
        assert start.run(["fix", "--quiet"]) == 2
        assert f"unknown key '{key}'" in capsys.readouterr().err
