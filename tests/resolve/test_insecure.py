"""Registries that registries.conf calls insecure."""

import socket
from pathlib import Path

import httpx
import pytest

from boltseal.resolve.options import RegistryOptions
from boltseal.resolve.outcome import Resolved, Unresolved
from boltseal.resolve.registry import RegistryResolver
from boltseal.resolve.routing import Mirror, Namespace
from tests.resolve.mockregistry import (
    APP,
    HOST,
    INDEX_DIGEST,
    QUICK,
    NoCredentials,
    Recorder,
    challenge,
    found,
    reason,
    reference,
    resolver,
)
from tests.resolve.servers import answering, listening, make_certificate, over_tls

OCI = "Content-Type: application/vnd.oci.image.index.v1+json"
ANSWER = ("HTTP/1.1 200 OK", f"Docker-Content-Digest: {INDEX_DIGEST}", OCI)


def insecure(prefix: str = HOST) -> RegistryOptions:
    return QUICK._replace(namespaces=(Namespace(prefix, "registries.conf", insecure=True),))


def test_tls_is_tried_first() -> None:
    recorder = Recorder(lambda _: found())
    asked = resolver(recorder, options=insecure())
    outcome = asked.resolve([reference(APP), reference(f"{APP}-2")])
    assert {type(it) for it in outcome.values()} == {Resolved}
    assert recorder.lines.count(f"GET https://{HOST}/v2/") == 1
    assert all(line.split()[1].startswith("https://") for line in recorder.lines)
    assert asked.warnings == (
        f"{HOST} is asked whatever its certificate: registries.conf calls it insecure",
    )


def test_where_tls_is_not_spoken_plain_http_is() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            raise httpx.ConnectError("refused")
        return found()

    asked = resolver(handler, options=insecure())
    outcome = asked.resolve([reference(APP)])
    assert isinstance(outcome[APP], Resolved)
    assert asked.warnings == (f"{HOST} is asked without TLS: registries.conf calls it insecure",)


def test_an_answer_that_cannot_be_used_is_no_reason_to_go_without_tls() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/":
            return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=b"")
        return found()

    recorder = Recorder(handler)
    outcome = resolver(recorder, options=insecure()).resolve([reference(APP)])
    assert isinstance(outcome[APP], Resolved)
    assert all(line.split()[1].startswith("https://") for line in recorder.lines)


def test_where_nothing_answers_the_reason_is_that_of_tls() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    outcome = resolver(handler, options=insecure()._replace(retries=0)).resolve([reference(APP)])
    assert reason(outcome[APP]) == f"{HOST} cannot be reached"


def test_an_insecure_mirror_makes_no_origin_insecure() -> None:
    space = Namespace(
        HOST, "registries.conf", mirrors=(Mirror("mirror.example.net/m", insecure=True),)
    )
    recorder = Recorder(lambda _: found())
    asked = resolver(recorder, options=QUICK._replace(namespaces=(space,)))
    asked.resolve([reference(APP)])
    assert asked.warnings == ()
    assert recorder.lines == [f"HEAD https://{HOST}/v2/team/app/manifests/1.0"]


@pytest.fixture
def named_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the registry is looked up as this machine."""
    real = socket.getaddrinfo

    def look_up(host: str | bytes | None, *rest: object, **more: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        return real("127.0.0.1" if name == HOST else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("named_here")
def test_any_certificate_is_taken_from_an_insecure_registry_and_from_no_other(
    tmp_path: Path,
) -> None:
    serve = over_tls(answering(*ANSWER), make_certificate(tmp_path / "own.pem"))
    with listening(serve) as port:
        name = f"{HOST}:{port}/app:1"
        strict = RegistryResolver(QUICK, credentials=NoCredentials()).resolve([reference(name)])
        lax = RegistryResolver(insecure(f"{HOST}:{port}"), credentials=NoCredentials()).resolve(
            [reference(name)]
        )
    assert "cannot be verified" in reason(strict[name])
    assert isinstance(lax[name], Resolved)


@pytest.mark.usefixtures("named_here")
@pytest.mark.parametrize("first", ["strict", "lax"])
def test_a_part_of_a_registry_that_is_insecure_makes_no_other_part_so(
    first: str, tmp_path: Path
) -> None:
    serve = over_tls(answering(*ANSWER), make_certificate(tmp_path / "own.pem"))
    with listening(serve) as port:
        asked = RegistryResolver(insecure(f"{HOST}:{port}/lax"), credentials=NoCredentials())
        names = {part: f"{HOST}:{port}/{part}/app:1" for part in ("strict", "lax")}
        outcomes = dict(asked.resolve([reference(names[first])]))
        outcomes |= asked.resolve([reference(name) for name in names.values()])
    assert isinstance(outcomes[names["strict"]], Unresolved)
    assert isinstance(outcomes[names["lax"]], Resolved)


@pytest.mark.usefixtures("named_here")
def test_an_insecure_registry_may_speak_plain_http() -> None:
    with listening(answering(*ANSWER)) as port:
        name = f"{HOST}:{port}/app:1"
        options = insecure(f"{HOST}:{port}")
        outcome = RegistryResolver(options, credentials=NoCredentials()).resolve([reference(name)])
    assert isinstance(outcome[name], Resolved)


def test_a_mirror_is_told_for_which_registry_it_stands() -> None:
    space = Namespace("docker.io", "registries.conf", mirrors=(Mirror("mirror.example.net/hub"),))
    queries = []

    def handler(request: httpx.Request) -> httpx.Response:
        queries.append((request.url.host, request.url.query.decode()))
        if request.url.host != "mirror.example.net":
            raise httpx.ConnectError("down")
        return found()

    options = QUICK._replace(namespaces=(space,), retries=0)
    name = f"nginx@{INDEX_DIGEST}"
    resolver(handler, options=options).resolve([reference(name)])
    assert queries[-1] == ("mirror.example.net", "ns=docker.io")
    assert {query for host, query in queries if host != "mirror.example.net"} == {""}


def test_the_user_names_the_token_services_of_a_registry() -> None:
    from tests.resolve.mockregistry import Login

    sent = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "tokens.example.net":
            sent.append(request.headers.get("authorization", ""))
            return httpx.Response(200, json={"token": "t"})
        if "authorization" in request.headers:
            return found()
        return challenge('Bearer realm="https://tokens.example.net/t",service="s"')

    login = Login(username="me", password="word")
    resolver(handler, login).resolve([reference(APP)])
    options = QUICK._replace(token_hosts=((HOST, frozenset({"tokens.example.net"})),))
    resolver(handler, login, options).resolve([reference(APP)])
    assert sent[0] == ""
    assert sent[1].startswith("Basic ")
