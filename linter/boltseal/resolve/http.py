"""HTTP with bounds. The only module that knows httpx.

Every body is read raw and up to a limit, no redirect is followed, no cookie is kept, no content
coding is accepted, and errors come out as one class that carries no text of the other side.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, nullcontext
from types import TracebackType
from typing import NamedTuple, Self

import httpx
from h2.errors import ErrorCodes
from h2.events import ConnectionTerminated, StreamReset
from h2.exceptions import H2Error

from boltseal import __version__
from boltseal.resolve.address import is_forbidden, is_internal, literal_address
from boltseal.resolve.breakdown import causes, explained
from boltseal.resolve.certificates import Certificates, Unusable
from boltseal.resolve.endpoint import Origin, origin_of
from boltseal.resolve.exchange import Answer, Lookup, Request, RequestError
from boltseal.resolve.line import Ending, Line
from boltseal.resolve.lookup import LOCAL, addresses, is_proxied

Transport = httpx.AsyncBaseTransport

_TIMEOUT = httpx.Timeout(connect=5.0, read=20.0, write=10.0, pool=None)
_MAX_ERROR = 64 * 1024
_MAX_ADDRESSES = 4
_ERROR_STATUS = 400
_HEADERS = {
    "User-Agent": f"boltseal/{__version__}",
    "Accept-Encoding": "identity",
}
# A connection may end with an error of the TLS library or of the HTTP/2 library, and a status that is
# no number with that of the interpreter: the HTTP library lets these through.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, H2Error, ValueError, TimeoutError)
_NOT_IN_VALUES = re.compile(rb"[\0\r\n]")  # RFC 9113 section 8.2.1
# How the HTTP library writes that no proxy is for what is local.
_NO_PROXY = [f"all://[{host}]" if ":" in host else f"all://{host}" for host in sorted(LOCAL)]


class _Pool(NamedTuple):
    """What connections may be shared for: an authority, and what it was verified for and shown."""

    origin: Origin
    verified: bool
    pointed_at: bool
    at_address: bool = False
    http2: bool = False


class _NoCookies(httpx.Cookies):
    """Neither kept nor sent: not even looked at, which takes a while."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep none."""

    def set_cookie_header(self, request: httpx.Request) -> None:
        """Send none."""


_NO_COOKIES = _NoCookies()


class _Client(httpx.AsyncClient):
    """A client without cookies."""

    @property
    def cookies(self) -> httpx.Cookies:
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        """Take none."""


class _Shared(NamedTuple):
    """The connections of a pool, and what is known of them."""

    pool: _Pool
    client: httpx.AsyncClient
    line: Line


class HttpClient:
    """Sends requests over pooled connections. An asynchronous context manager."""

    def __init__(
        self,
        connections: int,
        transport: httpx.AsyncBaseTransport | None = None,
        lookup: Lookup | None = None,
        certificates: Certificates | None = None,
    ) -> None:
        """Prepare; nothing is opened yet.

        In: the most connections at a time; a transport to use in place of the network; how to
        look addresses up (without one, the system's way on the network, and none on a transport);
        and whom to believe over TLS.
        """
        self._limits = httpx.Limits(max_connections=connections)
        # For all pools together; over HTTP/2 a request needs no connection of its own.
        self._room = asyncio.Semaphore(connections)
        self._transport = transport
        self._lookup = lookup if lookup is not None or transport is not None else addresses
        self._certificates = Certificates() if certificates is None else certificates
        self._shared: dict[_Pool, _Shared] = {}
        self._left: list[_Shared] = []  # Those that take no more requests.
        self._without_http2: set[Origin] = set()
        self._peers: dict[str, str] = {}  # Host to the address that answered for it.

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for shared in (*self._shared.values(), *self._left):
            await shared.client.aclose()

    async def send(self, request: Request) -> Answer:
        """Send one request once.

        Out: the answer, whatever its status. Raises: RequestError.
        """
        try:
            url = httpx.URL(request.url)
        except (httpx.InvalidURL, ValueError):
            raise RequestError("forbidden") from None
        origin = origin_of(request.url)
        if origin is None:
            raise RequestError("forbidden")
        # No client certificate where an answer sends: nobody but the user chooses who sees it.
        pool = _Pool(origin, request.verified, bool(request.pointed_by))
        literal = literal_address(url.host)
        if literal is not None and is_forbidden(literal):
            raise RequestError("forbidden")
        if request.pointed_by and literal is not None:
            self._check([literal], request.pointed_by)
        if request.pointed_by and literal is None:
            return await self._send_checked(pool, request, url)
        return await self._send(pool, request, url, {}, {})

    def _check(self, found: list[str], pointed_by: str) -> None:
        """Whether the host that named these addresses may: only from inside does one point inside.

        Raises: RequestError.
        """
        if not found or any(map(is_forbidden, found)):
            raise RequestError("forbidden")
        if any(map(is_internal, found)) and not self._is_inside(pointed_by):
            raise RequestError("internal")

    def _is_inside(self, url: str) -> bool:
        """Whether a host that has answered did so from an internal address."""
        origin = origin_of(url)
        if origin is None:
            return False
        # Behind a proxy nobody here knows; the last peer is the proxy.
        peer = literal_address(origin.host) or self._peers.get(origin.host)
        return peer is not None and is_internal(peer) and not is_proxied(origin)

    async def _send_checked(self, pool: _Pool, request: Request, url: httpx.URL) -> Answer:
        """Connect to the very address that was checked: a second look-up may answer another."""
        if self._lookup is None or is_proxied(pool.origin):
            return await self._send(pool, request, url, {}, {})
        try:
            port = url.port or (443 if url.scheme == "https" else 80)
            found = await self._lookup(url.host, port)
        except (OSError, UnicodeError):
            raise RequestError("dns") from None
        self._check(found, request.pointed_by)
        headers = {"Host": url.netloc.decode("ascii")}
        extensions = {"sni_hostname": url.host}
        problem = RequestError("connect")
        for address in found[:_MAX_ADDRESSES]:
            try:
                # The pool is the name's: a connection to the same address that another name opened
                # has been verified for that name.
                target = url.copy_with(host=address)
                at = pool._replace(at_address=True)
                return await self._send(at, request, target, headers, extensions)
            except RequestError as error:
                if error.kind != "connect":
                    raise
                problem = error
        raise problem

    async def _send(
        self,
        pool: _Pool,
        request: Request,
        url: httpx.URL,
        headers: Mapping[str, str],
        extensions: Mapping[str, str],
    ) -> Answer:
        shared = self._connections(pool)
        async with nullcontext() if shared.line.is_http2 else self._room, shared.line:
            try:
                async with aclosing(
                    await _begun(shared, request, url, headers, extensions)
                ) as response:
                    if peer := _peer(response, shared.line):
                        self._peers[pool.origin.host] = peer
                    answer, is_whole = await _read(response, request.limit)
            except (asyncio.CancelledError, RequestError):
                # What hangs may be the connection, and what is too much still comes over it.
                self._leave(shared)
                raise
            except _FAILURES as error:
                raise self._failed(shared, error) from None
        shared.line.answered(shared=answer.shared)
        if not answer.shared:
            self._without_http2.add(pool.origin)
        if not is_whole:
            self._leave(shared)
        return answer

    def _failed(self, shared: _Shared, error: Exception) -> RequestError:
        """What a failure means, and what follows from it for the next request to the same host."""
        problem = _translated(error)
        ending = _ending(error)
        if shared.pool.http2 and shared.line.is_unfit(problem.kind, ending):
            self._without_http2.add(shared.pool.origin)
            self._leave(shared)
            return RequestError("version", f"{problem} over HTTP/2, HTTP/1.1 from now on")
        if not ending.orderly:
            self._leave(shared)
        return problem

    def _leave(self, shared: _Shared) -> None:
        """Send no more over connections of HTTP/2; what is under way there goes on."""
        if shared.line.is_http2 and self._shared.get(shared.pool) is shared:
            self._left.append(self._shared.pop(shared.pool))

    def _connections(self, pool: _Pool) -> _Shared:
        """What to send over: HTTP/2 may be spoken there until it is known better."""
        both = pool._replace(http2=pool.origin.scheme == "https")
        if pool.origin in self._without_http2:
            # What was opened to find that out is as good as any other, for one request at a time:
            # the HTTP library opens one after another where HTTP/2 may be offered.
            first = self._shared.get(both)
            if first and not first.line.running:
                return first
        else:
            pool = both
        if pool not in self._shared:
            self._shared[pool] = _Shared(pool, self._client(pool), Line())
        return self._shared[pool]

    def _client(self, pool: _Pool) -> httpx.AsyncClient:
        context = self._context(pool)
        try:
            return _Client(
                headers=_HEADERS,
                event_hooks={"response": [_keep_headers]},
                follow_redirects=False,
                http2=pool.http2,
                limits=self._limits,
                mounts=None if self._transport else dict.fromkeys(_NO_PROXY),
                timeout=_TIMEOUT,
                # A name that goes by no proxy goes by none when its address stands in its place.
                trust_env=not pool.at_address,
                transport=self._transport,
                verify=context,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL):
            # A proxy that cannot be understood.
            raise RequestError("setup") from None

    def _context(self, pool: _Pool) -> ssl.SSLContext:
        if self._transport is not None or pool.origin.scheme == "http":
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # Not used: it would trust nobody.
        try:
            return self._certificates.context(
                pool.origin, verified=pool.verified, client=not pool.pointed_at
            )
        except Unusable as error:
            raise RequestError("trust", str(error)) from None


async def _begun(
    shared: _Shared,
    request: Request,
    url: httpx.URL,
    headers: Mapping[str, str],
    extensions: Mapping[str, str],
) -> httpx.Response:
    """Send, and wait for the head of the answer."""
    asked = shared.client.build_request(
        request.method,
        url,
        headers={**request.headers, **headers},
        data=request.form,
        extensions={**extensions, **shared.line.extensions},
    )
    # Over HTTP/2 the library bounds the wait for any answer, not for this one; and it waits for
    # ever when a server takes fewer requests at a time than are under way.
    async with asyncio.timeout(_TIMEOUT.read if shared.line.is_http2 else None):
        return await shared.client.send(asked, stream=True)


async def _keep_headers(response: httpx.Response) -> None:
    """Put the headers aside: httpx reads Location even to follow nothing, and fails on junk.

    Raises: httpx.RemoteProtocolError, for what no header may hold; over HTTP/2 nobody else looks.
    """
    if any(_NOT_IN_VALUES.search(value) for _, value in response.headers.raw):
        raise httpx.RemoteProtocolError("a header with a line end in it")
    response.extensions["headers"] = response.headers.multi_items()
    response.headers.pop("location", None)


def _peer(response: httpx.Response, line: Line) -> str:
    """The address at the other end of a new connection, '' when it is not known."""
    stream = response.extensions.get("network_stream")
    if stream is line.stream:
        return ""
    line.stream = stream
    try:
        address = stream and stream.get_extra_info("server_addr")
    except OSError:  # It is closed already.
        return ""
    return str(address[0]) if address else ""


async def _read(response: httpx.Response, limit: int) -> tuple[Answer, bool]:
    """The answer, and whether its body was read to the end. Raises: RequestError."""
    failed = response.status_code >= _ERROR_STATUS
    has_body = response.request.method != "HEAD" and not failed
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if has_body and coding not in ("", "identity"):
        raise RequestError("encoding")
    limit = min(limit, _MAX_ERROR) if failed else limit
    body = bytearray()
    async for chunk in _chunks(response):
        body += chunk
        if len(body) > limit:
            break
    if len(body) > limit and not failed:
        raise RequestError("size")
    headers = tuple((name.lower(), value) for name, value in response.extensions["headers"])
    shared = response.http_version == "HTTP/2"
    answer = Answer(response.status_code, headers, bytes(body[:limit]), shared)
    return answer, len(body) <= limit


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    if response.is_stream_consumed:  # A mock transport hands over what it has already read.
        yield response.content
        return
    # As they arrive, without a chunk size: that would wait for full chunks past the deadline.
    async for chunk in response.aiter_raw():
        yield chunk


def _translated(error: Exception) -> RequestError:
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return RequestError("timeout")
    if problem := explained(error):
        return problem
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return RequestError("connect")
    return RequestError("protocol")


def _ending(error: BaseException) -> Ending:
    """What HTTP/2 says of the end, which the HTTP library hands on as the event that it was."""
    for argument in (argument for cause in causes(error) for argument in cause.args):
        if isinstance(argument, StreamReset):
            return Ending(argument.error_code, orderly=True)
        if isinstance(argument, ConnectionTerminated):
            return Ending(argument.error_code, orderly=argument.error_code == ErrorCodes.NO_ERROR)
    return Ending()
