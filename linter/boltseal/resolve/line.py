"""Which version of HTTP is spoken on the connections to a host, and whether that goes well."""

from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import NamedTuple

from boltseal.resolve.exchange import Kind

_CALM, _HTTP_1 = 0xB, 0xD  # ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED (RFC 9113 section 7)
_ENOUGH = 100
_HTTP_2_TROUBLE: frozenset[Kind] = frozenset({"protocol", "timeout"})


class Ending(NamedTuple):
    """How an exchange ended early: by which code of HTTP/2, None without any.

    ``orderly``: whether only this exchange ended, or the connection for no fault of anybody.
    """

    code: int | None = None
    orderly: bool = False


class Line:
    """What is known of connections to a host. A context manager of one request over them.

    ``is_http2``: what they speak, as far as is known; ``running``: how many requests are under way;
    ``stream``: the connection that answered last.
    """

    def __init__(self) -> None:
        self.is_http2 = False
        self.running = 0
        self.stream: object = None
        self._answers = 0

    @property
    def extensions(self) -> Mapping[str, Callable[[str, object], Awaitable[None]]]:
        """What to ask of the HTTP library: to tell what it does, until an answer has told more."""
        return {} if self._answers else {"trace": self._trace}

    async def _trace(self, event: str, _: object) -> None:
        if event.startswith("http2."):
            self.is_http2 = True

    def answered(self, *, shared: bool) -> None:
        """Note an answer, and whether it came over a connection that many requests share."""
        self.is_http2 = shared
        self._answers += 1

    async def __aenter__(self) -> None:
        self.running += 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.running -= 1

    def is_unfit(self, kind: Kind, ending: Ending) -> bool:
        """Whether HTTP/2 is better left alone after an exchange that brought no answer.

        It is where the host says so, where it has answered nothing over HTTP/2, and where a
        connection broke that had answered little: HTTP/1.1 is slower, and never wrong.
        """
        if not self.is_http2 or kind not in _HTTP_2_TROUBLE:
            return False
        if ending.code in (_CALM, _HTTP_1):
            return True
        return self._answers < (1 if ending.orderly else _ENOUGH)
