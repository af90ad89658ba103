"""TLS on this machine: a registry on loopback is asked in plain http until it shows that it is not."""

from boltseal.resolve.endpoint import Origin, is_loopback, origin_of
from boltseal.resolve.exchange import Answer, Request, RequestError
from boltseal.resolve.watched import Sender

_BAD_REQUEST = 400  # What servers for TLS answer to plain http, when they answer at all.


class LoopbackClient:
    """Sends requests; those in plain http to loopback are sent over TLS where that is spoken."""

    def __init__(self, client: Sender) -> None:
        """In: what sends."""
        self._client = client
        self._secure: set[Origin] = set()

    async def send(self, request: Request) -> Answer:
        """Send one request once. Raises: RequestError."""
        origin = origin_of(request.url)
        if origin is None or origin.scheme != "http" or not is_loopback(origin.host):
            return await self._client.send(request)
        secure = request._replace(url="https" + request.url.removeprefix("http"))
        if origin in self._secure:
            return await self._client.send(secure)
        try:
            answer = await self._client.send(request)
        except RequestError as error:
            if error.kind != "protocol":
                raise
            over_tls = await self._try(secure)
            if over_tls is None:
                raise
        else:
            over_tls = await self._try(secure) if answer.status == _BAD_REQUEST else None
            if over_tls is None:
                return answer
        self._secure.add(origin)
        return over_tls

    async def _try(self, request: Request) -> Answer | None:
        """The answer over TLS; None when the other side does not speak it."""
        try:
            return await self._client.send(request)
        except RequestError as error:
            if error.kind in ("certificate", "client", "version"):
                raise
            return None
