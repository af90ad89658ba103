"""HTTP/2 over real sockets: what is asked over it, and every fault with its outcome."""

import json
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from boltseal.resolve import http
from boltseal.resolve.credentials import Credentials
from boltseal.resolve.manifest import OCI_INDEX
from boltseal.resolve.observer import Event, Exchange, Observer, ignore
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from boltseal.resolve.routing import Namespace
from tests.resolve import misbehaving as h1
from tests.resolve.http2 import NAME, Asked, Server, Talk, speaking
from tests.resolve.http2faults import (
    ENHANCE_YOUR_CALM,
    FAULTS,
    FOUND,
    HTTP_1_1_REQUIRED,
    PLAIN,
    RESOLVED,
    Fault,
    found,
    going_away,
    reset,
    saying,
    setting,
)
from tests.resolve.mockregistry import INDEX, Login, NoCredentials, reason, reference
from tests.resolve.servers import make_certificate

QUICK = RegistryOptions(deadline=10.0, backoff=0.001)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    """The registry's name stands for this machine, and its certificate is trusted."""
    for name in ("SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: str | bytes | None, *rest: object, **options: object) -> object:
        here = host in (NAME, NAME.encode())
        return look_up("127.0.0.1" if here else host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def asked_for(
    server: Server,
    texts: Sequence[str],
    options: RegistryOptions = QUICK,
    credentials: Credentials | None = None,
    observer: Observer = ignore,
) -> list[Outcome]:
    wanted = [reference(f"{server.host}/{text}") for text in texts]
    resolver = RegistryResolver(
        options, credentials=credentials or NoCredentials(), observer=observer
    )
    outcomes = resolver.resolve(wanted)
    assert resolver.warnings == ()
    return [outcomes[it.canonical] for it in wanted]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_its_outcome_and_its_requests(fault: Fault, certificate: Path) -> None:
    options = QUICK._replace(deadline=fault.deadline, concurrency=1)
    texts = [f"team/app:{number}" for number in range(fault.references)]
    with speaking(fault.serve, certificate, start=fault.start, plain=PLAIN) as server:
        outcome = asked_for(server, texts, options)[-1]
    if isinstance(fault.outcome, Resolved):
        assert outcome == fault.outcome
    else:
        assert reason(outcome) == fault.outcome.replace("{host}", server.host)
    if fault.requests is not None:
        assert tuple(server.labels) == fault.requests


def test_the_faults_have_names_of_their_own() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)


def texts(count: int) -> list[str]:
    return [f"team/app{number}:1" for number in range(count)]


def test_many_references_share_one_connection(certificate: Path) -> None:
    with speaking(
        found, certificate, patience=0.03, start=setting(MAX_CONCURRENT_STREAMS=100)
    ) as server:
        outcomes = asked_for(server, texts(60))
    assert outcomes == [RESOLVED] * 60
    assert server.connections == 1
    assert server.most > 2 * QUICK.concurrency
    assert Counter(server.labels) == {"h2 HEAD": 60}


def test_no_more_is_asked_at_a_time_than_the_registry_takes(certificate: Path) -> None:
    with speaking(
        found, certificate, patience=0.03, start=setting(MAX_CONCURRENT_STREAMS=7)
    ) as server:
        assert asked_for(server, texts(40)) == [RESOLVED] * 40
    assert 1 < server.most <= 7
    assert server.connections == 1


def test_a_registry_that_takes_fewer_than_before_is_asked_all_the_same(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The HTTP library hangs there: those under way are asked again over another connection."""
    monkeypatch.setattr(http, "_TIMEOUT", httpx.Timeout(1.0, pool=None))

    def serve(asked: Asked, talk: Talk) -> None:
        served.append(asked)
        if len(served) == 20:
            talk.settings(MAX_CONCURRENT_STREAMS=2)
        found(asked, talk)

    served: list[Asked] = []

    with speaking(serve, certificate, plain=PLAIN, patience=0.03) as server:
        assert asked_for(server, texts(60)) == [RESOLVED] * 60


def test_the_users_word_on_how_many_holds_over_http_2_too(certificate: Path) -> None:
    options = QUICK._replace(concurrency=3, streams=3)
    with speaking(found, certificate, patience=0.03) as server:
        assert asked_for(server, texts(30), options) == [RESOLVED] * 30
    assert server.most <= 3


def test_after_http_2_as_few_are_asked_at_a_time_as_ever(certificate: Path) -> None:
    """What was under way does not turn into as many connections."""

    def serve(asked: Asked, talk: Talk) -> None:
        if len(talk.server.asked) == 1:
            found(asked, talk)
        else:
            going_away(ENHANCE_YOUR_CALM, last=2**31 - 1)(asked, talk)

    with speaking(serve, certificate, plain=PLAIN, patience=0.03) as server:
        assert asked_for(server, texts(60)) == [RESOLVED] * 60
    plain = {asked.connection for asked in server.asked if asked.protocol == "h1"}
    assert 1 < len(plain) <= 2 * QUICK.concurrency


def test_a_request_that_hangs_does_not_hold_up_those_after_it(certificate: Path) -> None:
    """They have another connection: what hangs may be the connection itself."""
    hanging: set[int] = set()

    def serve(asked: Asked, talk: Talk) -> None:
        if "app1/" in asked.path:
            hanging.add(talk.number)
        if talk.number not in hanging:
            found(asked, talk)

    options = QUICK._replace(deadline=1.0, concurrency=1, streams=1)
    with speaking(serve, certificate) as server:
        outcomes = asked_for(server, texts(4), options)
    assert [isinstance(outcome, Resolved) for outcome in outcomes] == [True, False, True, True]
    assert server.connections == 2


def test_what_http_2_did_is_told_to_those_who_watch(certificate: Path) -> None:
    events: list[Event] = []
    with speaking(reset(HTTP_1_1_REQUIRED), certificate, plain=PLAIN) as server:
        assert asked_for(server, ["app:1"], observer=events.append) == [RESOLVED]
    told = [event.trouble for event in events if isinstance(event, Exchange)]
    assert told == ["version: protocol over HTTP/2, HTTP/1.1 from now on", ""]


def test_the_change_to_http_1_1_takes_no_retry(certificate: Path) -> None:
    options = QUICK._replace(retries=0)
    with speaking(going_away(ENHANCE_YOUR_CALM), certificate, plain=PLAIN) as server:
        assert asked_for(server, ["app:1"], options) == [RESOLVED]
    assert server.labels == ["h2 HEAD", "h1 HEAD"]


def test_a_registry_on_this_machine_changes_to_http_1_1_as_others_do(certificate: Path) -> None:
    """It was asked without TLS before, and closed the connection."""
    with speaking(reset(HTTP_1_1_REQUIRED), certificate, plain=PLAIN) as server:
        text = f"127.0.0.1:{server.host.partition(':')[2]}/app:1"
        resolver = RegistryResolver(QUICK._replace(retries=0), credentials=NoCredentials())
        assert resolver.resolve([reference(text)])[text] == RESOLVED
    assert server.labels == ["h2 HEAD", "h1 HEAD"]


def test_an_insecure_registry_whose_http_2_fails_is_still_asked_over_tls(certificate: Path) -> None:
    with speaking(reset(HTTP_1_1_REQUIRED), certificate, plain=PLAIN) as server:
        space = Namespace(server.host, "the test's file", insecure=True)
        text = f"{server.host}/app:1"
        options = QUICK._replace(namespaces=(space,))
        resolver = RegistryResolver(options, credentials=NoCredentials())
        assert resolver.resolve([reference(text)])[text] == RESOLVED
    assert server.labels == ["h2 GET v2/", "h1 HEAD"]


def test_the_rest_of_what_is_too_much_is_not_waited_for(certificate: Path) -> None:
    """It would fill what the connection may hold on its way, and stop all others on it."""

    def serve(asked: Asked, talk: Talk) -> None:
        if "/app1/" in asked.path:
            talk.answer(asked, 404, body=b"" if asked.method == "HEAD" else b"x" * 1_000_000)
        else:
            found(asked, talk)

    options = QUICK._replace(concurrency=1, streams=1)
    with speaking(serve, certificate) as server:
        outcomes = asked_for(server, texts(3), options)
    assert [isinstance(outcome, Resolved) for outcome in outcomes] == [True, False, True]
    assert [asked.connection for asked in server.asked] == [1, 1, 1, 2]


@pytest.mark.parametrize("protocols", [(), ("http/1.1",)])
def test_a_registry_without_http_2_is_asked_over_connections_side_by_side(
    certificate: Path, protocols: tuple[str, ...]
) -> None:
    with speaking(found, certificate, plain=PLAIN, protocols=protocols, together=4) as server:
        assert asked_for(server, texts(30)) == [RESOLVED] * 30
    assert not server.alone
    assert server.connections <= QUICK.concurrency + 1
    assert Counter(server.labels) == {"h1 HEAD": 30}


def test_the_connection_that_showed_there_is_no_http_2_is_used_on(certificate: Path) -> None:
    with speaking(found, certificate, plain=PLAIN, protocols=("http/1.1",)) as server:
        assert asked_for(server, texts(3), QUICK._replace(concurrency=1)) == [RESOLVED] * 3
    assert server.connections == 1


def test_plain_http_is_never_http_2() -> None:
    with h1.misbehaving(
        h1.reply(200, *(f"{name}: {value}" for name, value in FOUND.items()))
    ) as old:
        RegistryResolver(QUICK, credentials=NoCredentials()).resolve(
            [reference(f"{old.host}/app:1")]
        )
    assert old.labels == ["HEAD"]
    assert "upgrade" not in old.asked[0].headers


def test_a_client_certificate_is_shown_over_http_2(certificate: Path, tmp_path: Path) -> None:
    with speaking(found, certificate, clients=certificate) as server:
        assert isinstance(asked_for(server, ["app:1"])[0], Unresolved)
        assert server.labels == []
        folder = tmp_path / server.host
        folder.mkdir()
        for name in ("client.cert", "client.key"):
            shutil.copy(certificate, folder / name)
        options = QUICK._replace(certificate_folders=(str(tmp_path),))
        assert asked_for(server, ["app:1"], options) == [RESOLVED]
        assert server.labels == ["h2 HEAD"]


@contextmanager
def tunnel(host: str) -> Iterator[tuple[str, list[str]]]:
    """A proxy that connects to a host, whatever it is asked; what it was asked comes out."""
    first_lines: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            client, _ = listener.accept()
            with client, socket.create_connection(("127.0.0.1", int(host.split(":")[1]))) as server:
                head = client.recv(65536)
                first_lines.append(head.decode().partition("\r\n")[0])
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=pump, args=(server, client))
                back.start()
                pump(client, server)
                back.join()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}", first_lines
        thread.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes, until nothing more does."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # One side is gone.
        return


def test_http_2_goes_through_a_proxy(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking(found, certificate) as server, tunnel(server.host) as (proxy, tunnels):
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy}")
        assert asked_for(server, texts(20)) == [RESOLVED] * 20
        assert server.labels == ["h2 HEAD"] * 20
        assert tunnels == [f"CONNECT {server.host} HTTP/1.1"]


def with_token(asked: Asked, talk: Talk) -> None:
    """A registry whose own host gives tokens, for one repository each."""
    if asked.path.startswith("/token"):
        wanted = parse_qs(urlsplit(asked.path).query or asked.body.decode())["scope"][0]
        talk.answer(asked, 200, body=json.dumps({"token": wanted.split(":")[1]}).encode())
        return
    repository = asked.path.removeprefix("/v2/").partition("/manifests/")[0]
    if asked.headers.get("authorization") == f"Bearer {repository}":
        found(asked, talk)
    else:
        realm = f'Bearer realm="https://{talk.server.host}/token",service="x"'
        talk.answer(asked, 401, [("www-authenticate", realm)])


def test_tokens_are_asked_for_over_the_same_connection(certificate: Path) -> None:
    with speaking(with_token, certificate, patience=0.03) as server:
        assert asked_for(server, texts(40)) == [RESOLVED] * 40
    assert server.connections == 1
    assert Counter(server.labels) == {"h2 HEAD": 41, "h2 GET token": 40}


def test_an_identity_token_is_sent_as_a_form(certificate: Path) -> None:
    login = Login(identity_token="secret")
    with speaking(with_token, certificate) as server:
        assert asked_for(server, ["app:1"], credentials=login) == [RESOLVED]
    assert server.labels == ["h2 HEAD", "h2 POST token", "h2 HEAD"]
    assert b"refresh_token=secret" in server.asked[1].body


def test_a_wrong_password_is_sent_once_over_http_2(certificate: Path) -> None:
    def serve(asked: Asked, talk: Talk) -> None:
        if asked.path.startswith("/token"):
            talk.answer(asked, 401)
        else:
            with_token(asked, talk)

    with speaking(serve, certificate, patience=0.03) as server:
        outcomes = asked_for(server, texts(40), credentials=Login(username="u", password="p"))
    assert all("refused the login" in reason(outcome) for outcome in outcomes)
    assert server.labels.count("h2 GET token") == 1


def test_a_redirect_goes_to_the_address_that_was_checked(certificate: Path) -> None:
    """By the name that the certificate is for, which stands in place of the address."""

    def serve(asked: Asked, talk: Talk) -> None:
        port = talk.server.host.partition(":")[2]
        if asked.headers[":authority"] == f"cdn.example.net:{port}":
            talk.answer(asked, 200, [("content-type", OCI_INDEX)], INDEX)
        elif asked.method == "GET":
            talk.answer(asked, 307, [("location", f"https://cdn.example.net:{port}/x")])
        else:
            talk.answer(asked, 405)

    async def lookup(host: str, port: int) -> list[str]:
        assert host == "cdn.example.net"
        return ["127.0.0.1"]

    with speaking(serve, certificate) as server:
        text = f"{server.host}/app:1"
        resolver = RegistryResolver(QUICK, credentials=NoCredentials(), lookup=lookup)
        assert resolver.resolve([reference(text)])[text] == RESOLVED
    assert server.labels == ["h2 HEAD", "h2 GET", "h2 GET x"]


def test_cookies_are_not_kept_over_http_2(certificate: Path) -> None:
    with speaking(saying(("set-cookie", "a=b")), certificate) as server:
        asked_for(server, texts(2))
    assert not any("cookie" in asked.headers for asked in server.asked)
