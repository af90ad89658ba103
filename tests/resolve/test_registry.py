import subprocess
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from boltseal.resolve.outcome import Resolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from boltseal.resolve.routing import Namespace
from tests.resolve.mockregistry import (
    APP,
    HOST,
    QUICK,
    Recorder,
    found,
    reason,
    reference,
    resolve,
    resolve_all,
    resolver,
)


def test_each_canonical_reference_is_asked_once() -> None:
    registry = Recorder(lambda _: found())
    asked = resolver(registry)
    first = asked.resolve(map(reference, ["nginx", "nginx:latest", "docker.io/library/nginx"]))
    second = asked.resolve([reference("nginx")])
    assert list(first) == ["docker.io/library/nginx:latest"]
    assert second == first
    assert len(registry.requests) == 1


def test_nothing_asked_is_nothing_sent() -> None:
    assert resolver(lambda _: pytest.fail("asked")).resolve([]) == {}


def test_only_allowed_registries_are_asked() -> None:
    registry = Recorder(lambda _: found())
    options = QUICK._replace(allowed=frozenset({HOST}))
    outcomes = resolve_all(registry, [APP, "nginx:1"], options=options)
    assert isinstance(outcomes[APP], Resolved)
    outcome = outcomes["docker.io/library/nginx:1"]
    assert reason(outcome) == "docker.io is not among the allowed registries"
    assert registry.authorizations("registry-1.docker.io") == []


def test_what_registries_conf_blocks_is_not_asked_and_the_rest_where_it_says() -> None:
    registry = Recorder(lambda _: found())
    conf = (
        Namespace("docker.io", "registries.conf", blocked=True),
        Namespace(HOST, "registries.conf", "internal.example.net/copy"),
    )
    options = QUICK._replace(namespaces=conf)
    outcomes = resolve_all(registry, [APP, "nginx:1"], options=options)
    assert isinstance(outcomes[APP], Resolved)
    assert (
        reason(outcomes["docker.io/library/nginx:1"]) == "'docker.io' is blocked by registries.conf"
    )
    assert registry.lines == ["HEAD https://internal.example.net/v2/copy/team/app/manifests/1.0"]


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_other_content_codings_are_refused(coding: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"\x1f\x8b"

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "HEAD":
            return httpx.Response(405)
        return httpx.Response(200, headers={"Content-Encoding": coding}, content=body())

    assert "content coding" in reason(resolve(handler))


def test_a_coding_named_by_a_head_does_no_harm() -> None:
    answer = found()
    answer.headers["Content-Encoding"] = "gzip"
    assert isinstance(resolve(lambda _: answer), Resolved)


def test_a_body_is_read_up_to_four_mebibytes() -> None:
    taken: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        for number in range(1000):
            taken.append(number)
            yield b" " * 65536

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "HEAD":
            return httpx.Response(405)
        return httpx.Response(200, content=body())

    assert "more than a manifest" in reason(resolve(handler))
    assert len(taken) == 65


def test_cookies_are_not_kept() -> None:
    registry = Recorder(lambda _: httpx.Response(404, headers={"Set-Cookie": "a=b; Path=/"}))
    resolve(registry)
    assert len(registry.requests) == 2
    assert not any("cookie" in request.headers for request in registry.requests)


def test_text_of_the_registry_is_escaped() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        headers = {b"Content-Type": b"text/\x1b[31m\xc2\x9b" + b"x" * 500}
        return httpx.Response(200, headers=headers, content=b"{}")

    text = reason(resolve(handler))
    assert "\\x1b[31m" in text
    assert text.isprintable()
    assert len(text) < 300


def test_a_bad_certificate_file_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/ca.pem")
    outcome = RegistryResolver(QUICK).resolve([reference("registry.invalid/app:1")])
    assert "SSL_CERT_FILE: /nonexistent/ca.pem: No such" in reason(
        outcome["registry.invalid/app:1"]
    )


def test_a_bad_proxy_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.example.com")
    outcome = RegistryResolver(QUICK).resolve([reference("127.0.0.1:1/app:1")])
    assert "the proxy of the environment" in reason(outcome["127.0.0.1:1/app:1"])


def test_the_package_does_not_load_the_http_library() -> None:
    modules = ["credentials", "layout", "options", "outcome", "resolver"]
    code = "".join(f"import boltseal.resolve.{module}\n" for module in modules)
    code += "import sys\nassert not {'httpx', 'asyncio', 'dataclasses'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_the_options_have_safe_defaults() -> None:
    options = RegistryOptions()
    assert options.deadline == 30.0
    assert 4 <= options.concurrency <= 8
    assert options.plain_http == frozenset()
