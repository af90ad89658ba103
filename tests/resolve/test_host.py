import asyncio
import ssl
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from boltseal.resolve.credential import Credential, Found
from boltseal.resolve.outcome import Resolved
from boltseal.resolve.registry import RegistryOptions
from tests.resolve.mockregistry import (
    APP,
    HOST,
    INDEX_DIGEST,
    QUICK,
    Recorder,
    found,
    reason,
    reference,
    resolve,
    resolve_all,
    resolver,
)


def failing_first(times: int, *, status: int) -> Recorder:
    left = [httpx.Response(status) for _ in range(times)]
    return Recorder(lambda _: left.pop() if left else found())


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_passing_trouble_is_retried(status: int) -> None:
    registry = failing_first(3, status=status)
    assert isinstance(resolve(registry), Resolved)
    assert len(registry.requests) == 4


def test_a_network_error_is_retried() -> None:
    errors = [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")]

    def handler(request: httpx.Request) -> httpx.Response:
        if errors:
            raise errors.pop()
        return found()

    assert isinstance(resolve(handler), Resolved)


def test_there_are_at_most_three_retries_for_a_reference() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("x")

    registry = Recorder(handler)
    assert reason(resolve(registry)) == f"{HOST} cannot be reached"
    assert len(registry.requests) == 4


def test_a_wait_beyond_the_deadline_fails_at_once() -> None:
    registry = Recorder(lambda _: httpx.Response(429, headers={"Retry-After": "60"}))
    started = time.monotonic()
    outcomes = resolve_all(registry, [f"{HOST}/app:{number}" for number in range(50)])
    assert time.monotonic() - started < 5
    for outcome in outcomes.values():
        assert reason(outcome) == f"rate limited by {HOST}"
    # Those that were already under way were answered; no other was sent.
    assert len(registry.requests) <= QUICK.concurrency


def test_a_busy_host_that_asks_for_too_long_a_wait_is_left_alone() -> None:
    registry = Recorder(lambda _: httpx.Response(503, headers={"Retry-After": "60"}))
    assert reason(resolve(registry)) == f"{HOST} is busy (status 503)"
    assert len(registry.requests) == 1


def test_a_short_wait_is_kept() -> None:
    answers = [httpx.Response(503, headers={"Retry-After": "1"})]
    times: list[float] = []

    def handler(request: httpx.Request) -> httpx.Response:
        times.append(time.monotonic())
        return answers.pop() if answers else found()

    assert isinstance(resolve(handler), Resolved)
    assert 0.95 < times[1] - times[0] < 3


def test_after_a_429_the_host_is_asked_one_at_a_time() -> None:
    active: list[int] = [0]
    most: list[int] = [0]
    limited: list[bool] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        if not limited:
            limited.append(True)
            return httpx.Response(429)
        active[0] += 1
        await asyncio.sleep(0.002)
        if len(limited) > QUICK.concurrency:  # What was sent before the 429 does not count.
            most[0] = max(most[0], active[0])
        limited.append(True)
        active[0] -= 1
        return found()

    outcomes = resolve_all(handler, [f"{HOST}/app:{number}" for number in range(30)])
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert most[0] == 1


def test_a_host_serves_a_bounded_number_at_a_time() -> None:
    active: list[int] = [0]
    most: list[int] = [0]

    async def handler(request: httpx.Request) -> httpx.Response:
        active[0] += 1
        most[0] = max(most[0], active[0])
        await asyncio.sleep(0.002)
        active[0] -= 1
        return found()

    resolve_all(handler, [f"{HOST}/app:{number}" for number in range(40)])
    assert 1 < most[0] <= QUICK.concurrency


def test_a_host_that_cannot_be_reached_costs_its_retries_once() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == HOST:
            raise httpx.ConnectError("x")
        return found()

    registry = Recorder(handler)
    asked = resolver(registry)
    texts = [f"{HOST}/app:{number}" for number in range(100)]
    outcomes = asked.resolve([reference(text) for text in [*texts, "mirror.example.net/app:1"]])
    assert [reason(outcomes[text]) for text in texts] == [f"{HOST} cannot be reached"] * 100
    assert isinstance(outcomes["mirror.example.net/app:1"], Resolved)
    count = len(registry.requests)
    assert count <= QUICK.concurrency * 4 + 1
    again = asked.resolve([reference(f"{HOST}/other:1")])
    assert reason(again[f"{HOST}/other:1"]) == f"{HOST} cannot be reached"
    assert len(registry.requests) == count


def test_a_tls_failure_is_not_retried() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        error = ssl.SSLCertVerificationError(1, "x")
        error.verify_message = "unable to get local issuer certificate"
        raise httpx.ConnectError("x") from error

    registry = Recorder(handler)
    outcome = resolve(registry)
    assert "TLS certificate" in reason(outcome)
    assert "unable to get local issuer certificate" in reason(outcome)
    assert "SSL_CERT_FILE" in outcome[1]
    assert len(registry.requests) == 1


def test_the_deadline_holds_against_a_slow_drip() -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        async def drip() -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0.01)

        if request.method == "HEAD":
            return httpx.Response(405)
        return httpx.Response(200, content=drip())

    started = time.monotonic()
    outcome = resolve(handler, options=RegistryOptions(deadline=0.2))
    assert time.monotonic() - started < 5
    assert reason(outcome) == f"{HOST} gave no digest within 0.2 seconds"


def test_a_host_that_says_nothing_is_not_asked_again() -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return found()

    started = time.monotonic()
    texts = [f"{HOST}/app:{number}" for number in range(300)]
    outcomes = resolve_all(handler, texts, options=RegistryOptions(deadline=0.2))
    assert time.monotonic() - started < 5
    assert "0.2 seconds" in reason(outcomes[texts[-1]])


def test_the_deadline_starts_when_the_host_has_room() -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.05)
        return found()

    options = RegistryOptions(deadline=0.7, concurrency=1)
    outcomes = resolve_all(
        handler, [f"{HOST}/app:{number}" for number in range(20)], options=options
    )
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())


def test_the_time_of_a_credential_helper_is_not_the_registrys() -> None:
    class Slow:
        def find(self, registry: str, repository: str) -> Found:
            assert (registry, repository) == (HOST, "team/app")
            time.sleep(0.8)
            return Found(Credential("slow", "u", "p"), ("it was slow",))

    def handler(request: httpx.Request) -> httpx.Response:
        if "authorization" in request.headers:
            return found()
        return httpx.Response(401, headers={"WWW-Authenticate": "Basic"})

    asked = resolver(handler, Slow(), RegistryOptions(deadline=0.5))
    assert asked.resolve([reference(APP)])[APP][0] == INDEX_DIGEST
    assert asked.warnings == ("it was slow",)


def over_http2(response: httpx.Response) -> httpx.Response:
    response.extensions["http_version"] = b"HTTP/2"
    return response


def test_a_host_that_limits_how_often_it_is_asked_answers_all_in_the_end() -> None:
    """However many were under way when it first said so: all have retries left for their turn."""
    last = [0.0]
    limited: list[str] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.001)
        if time.monotonic() - last[0] < 0.012:
            limited.append(request.method)
            return over_http2(httpx.Response(429))
        last[0] = time.monotonic()
        return over_http2(found())

    options = RegistryOptions(deadline=5.0, backoff=0.01)
    texts = [f"{HOST}/app{number}:1" for number in range(80)]
    outcomes = resolve_all(handler, texts, options=options)
    assert [outcomes[text] for text in texts if not isinstance(outcomes[text], Resolved)] == []
    assert 10 < len(limited) < 400
    assert set(limited) == {"HEAD"}


def test_a_host_that_gives_nothing_more_is_asked_once_for_each_of_the_rest() -> None:
    registry = Recorder(lambda _: httpx.Response(429))
    options = RegistryOptions(deadline=5.0, backoff=0.001, concurrency=1)
    outcomes = resolve_all(
        registry, [f"{HOST}/app:{number}" for number in range(30)], options=options
    )
    assert all(reason(outcome) == f"rate limited by {HOST}" for outcome in outcomes.values())
    assert len(registry.requests) == 4 + 29


def test_a_host_that_goes_on_after_all_is_asked_again_as_often_as_ever() -> None:
    answers = [429] * 4 + [200, 429, 200]
    registry = Recorder(
        lambda _: found() if (status := answers.pop(0)) == 200 else httpx.Response(status)
    )
    options = RegistryOptions(deadline=5.0, backoff=0.001, concurrency=1)
    outcomes = resolve_all(
        registry, [f"{HOST}/app:{number}" for number in range(3)], options=options
    )
    assert [isinstance(outcome, Resolved) for outcome in outcomes.values()] == [False, True, True]


def test_who_waits_for_a_turn_does_so_off_the_clock() -> None:
    limited = [True]

    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.05)
        return over_http2(httpx.Response(429) if limited and limited.pop() else found())

    options = RegistryOptions(deadline=0.7, backoff=0.001)
    texts = [f"{HOST}/app:{number}" for number in range(40)]
    outcomes = resolve_all(handler, texts, options=options)
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())


def test_many_are_asked_at_a_time_over_a_connection_that_they_share() -> None:
    active, most = [0], [0]

    async def handler(request: httpx.Request) -> httpx.Response:
        active[0] += 1
        most[0] = max(most[0], active[0])
        await asyncio.sleep(0.02)
        active[0] -= 1
        return over_http2(found())

    texts = [f"{HOST}/app:{number}" for number in range(300)]
    resolve_all(handler, texts)
    assert 2 * QUICK.concurrency < most[0] <= QUICK.streams
    most[0] = 0
    resolve_all(handler, texts, options=QUICK._replace(streams=20))
    assert most[0] == 20


def test_a_token_service_is_not_asked_for_all_at_a_time() -> None:
    """It is another host, which shares no connection."""
    active, most = [0], [0]

    async def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host != HOST:
            active[0] += 1
            most[0] = max(most[0], active[0])
            await asyncio.sleep(0.002)
            active[0] -= 1
            return httpx.Response(200, json={"token": "good"})
        if "authorization" in request.headers:
            return over_http2(found())
        realm = 'Bearer realm="https://auth.example.com/token"'
        return over_http2(httpx.Response(401, headers={"WWW-Authenticate": realm}))

    outcomes = resolve_all(handler, [f"{HOST}/app{number}:1" for number in range(100)])
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert 1 < most[0] <= 2 * QUICK.concurrency


def test_what_waits_for_room_at_a_host_that_then_answers_429_waits_for_its_turn() -> None:
    active, most, asked = [0], [0], [0]

    async def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == HOST:
            realm = 'Bearer realm="https://auth.example.com/token"'
            if "authorization" in request.headers:
                return over_http2(found())
            return over_http2(httpx.Response(401, headers={"WWW-Authenticate": realm}))
        asked[0] += 1
        number = asked[0]
        active[0] += 1
        await asyncio.sleep(0.005)
        if number > 1 + 2 * QUICK.concurrency:  # What was sent before the 429 does not count.
            most[0] = max(most[0], active[0])
        active[0] -= 1
        return httpx.Response(429) if number == 2 else httpx.Response(200, json={"token": "good"})

    outcomes = resolve_all(handler, [f"{HOST}/app{number}:1" for number in range(60)])
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert most[0] == 1
