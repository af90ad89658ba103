"""Which version of HTTP is spoken on the connections to a host, and whether that goes well."""

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
    """The connections to a host that are shared by its requests, and how they do."""

    def __init__(self) -> None:
        self.is_http2 = False
        self._answers = 0

    async def trace(self, event: str, _: object) -> None:
        """Look at what the HTTP library says that it does."""
        if event.startswith("http2."):
            self.is_http2 = True

    def answered(self) -> None:
        """Note an answer."""
        self._answers += 1

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
