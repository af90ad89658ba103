"""What an observer is told."""

import asyncio
import base64
from contextlib import suppress

import httpx
import pytest

from boltseal.resolve.exchange import Answer, Request, RequestError
from boltseal.resolve.observer import Asked, Ended, Event, Exchange, Finished, LoggedIn, Started
from boltseal.resolve.registry import RegistryResolver
from boltseal.resolve.watched import WatchedClient
from tests.resolve.mockregistry import APP, HOST, QUICK, Login, NoCredentials, found, reference

SECRET = "s3cr3t-value"
ENCODED = base64.b64encode(f"me:{SECRET}".encode()).decode()


class Fixed:
    """Sends nothing, and answers the same to all."""

    def __init__(self, answer: Answer | BaseException) -> None:
        self._answer = answer

    async def send(self, request: Request) -> Answer:  # noqa: ARG002 - the protocol's
        if isinstance(self._answer, BaseException):
            raise self._answer
        return self._answer


def exchange(request: Request, answer: Answer | BaseException | None = None) -> Exchange:
    """What is told of one request."""
    events: list[Event] = []
    client = WatchedClient(Fixed(answer or Answer(200, (), b"")), events.append)

    async def send() -> None:
        await client.send(request)

    with suppress(RequestError, asyncio.CancelledError):
        asyncio.run(send())
    asked, told = events
    assert isinstance(asked, Asked)
    assert isinstance(told, Exchange)
    return told


def get(url: str, **headers: str) -> Request:
    return Request("GET", url, headers, 1000)


def test_an_address_is_told_without_login_query_and_fragment() -> None:
    url = f"https://{HOST}:5000/v2/a/b?sig={SECRET}#{SECRET}"
    assert exchange(get(url)).address == f"{HOST}:5000/v2/a/b"
    assert SECRET not in str(exchange(get(f"https://me:{SECRET}@{HOST}/v2/")))


def test_an_address_is_bounded() -> None:
    assert len(exchange(get(f"https://{HOST}/{'a' * 5000}")).address) == 300


def test_the_path_of_an_address_elsewhere_is_not_told() -> None:
    request = get("https://cdn.example.net/signed/value")._replace(pointed_by=HOST)
    assert exchange(request).address == "cdn.example.net/..."


@pytest.mark.parametrize(
    ("header", "path"),
    [
        (f"Bearer {SECRET}", f"/{SECRET}"),
        (f"Bearer {SECRET}", "/%73" + SECRET[1:]),
        (f"Basic {ENCODED}", f"/{ENCODED}"),
        (f"Basic {ENCODED}", f"/{SECRET}"),
    ],
)
def test_a_path_that_repeats_what_was_sent_is_not_told(header: str, path: str) -> None:
    request = get(f"https://{HOST}{path}", Authorization=header)
    assert exchange(request).address == f"{HOST}/..."


def test_an_announcement_that_repeats_what_was_sent_is_not_told() -> None:
    warning = f'299 - "it is {SECRET}", 299 - "other"'
    request = Request("POST", f"https://{HOST}/", {}, 1000, form={"refresh_token": SECRET})
    answer = Answer(200, (("warning", warning),), b"")
    assert exchange(request, answer).announced == ("other",)
    # Of a token service nothing is told: it says so before its token is known as one.
    assert exchange(request._replace(scope="repository:a:pull"), answer).announced == ()


def test_why_no_answer_came_is_told() -> None:
    assert exchange(get(f"https://{HOST}/"), RequestError("dns")).trouble == "dns"
    assert exchange(get(f"https://{HOST}/"), asyncio.CancelledError()).trouble == "deadline"


def test_a_run_is_told_from_its_start_to_its_end() -> None:
    events: list[Event] = []
    registry = RegistryResolver(
        QUICK,
        transport=httpx.MockTransport(lambda _: found()),
        credentials=NoCredentials(),
        observer=events.append,
    )
    registry.resolve([reference(APP)])
    assert [type(event) for event in events] == [Started, Asked, Exchange, Finished, Ended]
    registry.resolve([reference(APP)])
    assert len(events) == 5  # Nothing is asked, so nothing starts.


def test_the_end_is_told_of_a_run_that_is_broken_off() -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    events: list[Event] = []
    registry = RegistryResolver(
        QUICK,
        transport=httpx.MockTransport(fail),
        credentials=NoCredentials(),
        observer=events.append,
    )
    with pytest.raises(ExceptionGroup):
        registry.resolve([reference(APP)])
    assert events[-1] == Ended()


def test_the_source_of_a_login_is_told() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if "Authorization" in request.headers:
            return found()
        return httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="x"'})

    events: list[Event] = []
    RegistryResolver(
        QUICK,
        transport=httpx.MockTransport(handler),
        credentials=Login(username="me", password=SECRET),
        observer=events.append,
    ).resolve([reference(APP)])
    assert LoggedIn(HOST, "the test's file") in events
    assert SECRET not in str(events)
