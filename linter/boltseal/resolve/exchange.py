"""One HTTP exchange as values: what is asked, what comes back, why nothing did."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, NamedTuple

Kind = Literal[
    "dns",
    "connect",
    "handshake",
    "plain",
    "certificate",
    "client",
    "timeout",
    "protocol",
    "encoding",
    "size",
    "forbidden",
    "internal",
    "setup",
    "trust",
    "version",
]
"""Why no answer came. After ``version`` the host is asked in another version of HTTP."""
TRANSIENT: frozenset[Kind] = frozenset({"dns", "connect", "handshake", "timeout", "protocol"})
"""Troubles that may be gone on the next try."""

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to IP addresses; raises OSError."""


class RequestError(Exception):
    """No answer could be had. ``kind`` says why; ``detail`` says more, safe to print, or is ''.

    As text both, for those who watch.
    """

    def __init__(self, kind: Kind, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail


class Request(NamedTuple):
    """A question. ``limit`` bounds the body of its answer, in bytes.

    ``pointed_by`` is the origin of the host that named the address, where that is another: the
    address is then checked before it is reached.
    ``verified``: whether the other side must show over TLS that it is who it is.
    ``scope`` is what a request for a token asks access to.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    limit: int
    form: Mapping[str, str] | None = None
    pointed_by: str = ""
    verified: bool = True
    scope: str = ""

    def __repr__(self) -> str:
        """Leave out headers and form, which hold secrets, and queries, which may."""
        return f"Request({self.method} {self.url.partition('?')[0]})"


class Answer(NamedTuple):
    """Status, headers by lower-case name in order, and the raw body (cut on an error status).

    ``shared``: whether it came over a connection that many requests share at a time.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    shared: bool = False

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    def header(self, name: str) -> str:
        """The values of a header, joined; '' when there is none."""
        return ", ".join(self.all(name))
