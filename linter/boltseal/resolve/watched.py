"""Sending under observation: from requests and answers to events that can be shown."""

import asyncio
from typing import Protocol
from urllib.parse import urlsplit

from boltseal.printable import brief
from boltseal.resolve.announced import announced, shown
from boltseal.resolve.endpoint import origin_of
from boltseal.resolve.exchange import Answer, Request, RequestError
from boltseal.resolve.observer import Asked, Exchange, Observer
from boltseal.resolve.quota import quota
from boltseal.resolve.secret import Secrets

_MAX_ADDRESS = 300


class Sender(Protocol):
    """Whatever sends a request once."""

    async def send(self, request: Request) -> Answer:
        """Out: the answer, whatever its status. Raises: RequestError."""
        ...


class WatchedClient:
    """Sends requests, and tells an observer of each."""

    def __init__(self, client: Sender, observer: Observer) -> None:
        """In: what sends, and who is told."""
        self._client = client
        self._observer = observer
        self._secrets = Secrets()

    async def send(self, request: Request) -> Answer:
        """Send one request once. Raises: RequestError."""
        self._secrets.remember(request)
        sent = Exchange(
            request.method, _host(request), self._address(request), brief(request.scope)
        )
        self._observer(Asked(sent.host))
        start = _now()
        try:
            answer = await self._client.send(request)
        except RequestError as error:
            self._tell(sent._replace(trouble=brief(str(error), _MAX_ADDRESS)), start)
            raise
        except asyncio.CancelledError:
            self._tell(sent._replace(trouble="deadline"), start)
            raise
        told = () if request.scope else self._announced(answer)
        event = sent._replace(status=answer.status, quota=quota(answer), announced=told)
        self._tell(event, start)
        return answer

    def _tell(self, exchange: Exchange, start: float) -> None:
        self._observer(exchange._replace(seconds=_now() - start))

    def _address(self, request: Request) -> str:
        """Where a request goes. A path that the other side chose may be signed, or hold a token."""
        path = urlsplit(request.url).path
        chosen = bool(request.pointed_by) and not request.scope
        if chosen or self._secrets.are_in(path):
            return f"{_host(request)}/..."
        return brief(_host(request) + path, _MAX_ADDRESS)

    def _announced(self, answer: Answer) -> tuple[str, ...]:
        texts = announced(answer)
        return tuple(shown(text) for text in texts if not self._secrets.are_in(text))


def _host(request: Request) -> str:
    origin = origin_of(request.url)
    return brief(origin.name) if origin else ""


def _now() -> float:
    return asyncio.get_running_loop().time()
