"""What goes wrong over HTTP/2: how a registry does it, what comes of it, what was asked meanwhile."""

from typing import NamedTuple

from boltseal.resolve.manifest import OCI_INDEX
from boltseal.resolve.outcome import Resolved
from tests.resolve.http2 import Asked, Closed, Serve, Start, Talk, usual
from tests.resolve.mockregistry import INDEX, INDEX_DIGEST

NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR = 0x0, 0x1, 0x2
REFUSED_STREAM, ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED = 0x7, 0xB, 0xD
DATA, HEADERS, SETTINGS, PUSH_PROMISE, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 4, 5, 6, 8, 9
END_STREAM, END_HEADERS = 0x1, 0x4

FOUND = {"docker-content-digest": INDEX_DIGEST, "content-type": OCI_INDEX}
PLAIN = (
    f"HTTP/1.1 200 OK\r\nDocker-Content-Digest: {INDEX_DIGEST}\r\nContent-Type: {OCI_INDEX}\r\n"
    "Content-Length: 0\r\n\r\n"
).encode()
RESOLVED = Resolved(INDEX_DIGEST, OCI_INDEX)


class Fault(NamedTuple):
    """How a registry misbehaves, what comes of the last reference, and what it was asked.

    ``outcome`` is a reason where there is no digest; ``{host}`` in it is the registry. Over
    HTTP/1.1 everything is found. ``references``: how many are asked for, one after another.
    """

    name: str
    serve: Serve
    outcome: Resolved | str = RESOLVED
    requests: tuple[str, ...] | None = ("h2 HEAD",)
    start: Start = usual
    deadline: float = 10.0
    references: int = 1


def found(asked: Asked, talk: Talk) -> None:
    if asked.method == "HEAD":
        talk.answer(asked, 200, FOUND.items())
    else:
        talk.answer(asked, 200, [("content-type", OCI_INDEX)], INDEX)


def once(first: Serve, then: Serve = found) -> Serve:
    """One answer to the first request, another to all that follow."""
    begun: list[Asked] = []

    def serve(asked: Asked, talk: Talk) -> None:
        begun.append(asked)
        (first if len(begun) == 1 else then)(asked, talk)

    return serve


def after_one(then: Serve) -> Serve:
    """Find the first reference; treat the second in another way, once."""
    return once(found, once(then))


def silent(asked: Asked, talk: Talk) -> None:
    """Nothing is answered."""


def closing(asked: Asked, talk: Talk) -> None:
    raise Closed


def reset(code: int) -> Serve:
    return lambda asked, talk: talk.reset(asked, code)


def going_away(code: int, last: int | None = None) -> Serve:
    """Goodbye, with the last request that was taken: this one by default."""

    def serve(asked: Asked, talk: Talk) -> None:
        talk.go_away(code, asked.stream if last is None else last)
        raise Closed

    return serve


def raw(payload: bytes, kind: int, flags: int = 0, *, stream: bool = True) -> Serve:
    """One frame of these bytes, on the stream of the request or on that of the connection."""
    return lambda asked, talk: talk.raw(
        payload, kind=kind, flags=flags, stream=asked.stream if stream else 0
    )


def saying(*pairs: tuple[str, str], status: str = "200") -> Serve:
    return lambda asked, talk: talk.answer(asked, status, [*FOUND.items(), *pairs])


def bomb(asked: Asked, talk: Talk) -> None:
    """A header of 4 kB, put into the table once, and named a thousand times by one byte each."""
    big = b"\x40\x01a" + b"\x7f\xa1\x1e" + b"b" * 4000
    payload = b"\x88" + big + b"\xbe" * 1000
    talk.raw(payload, kind=HEADERS, flags=END_HEADERS | END_STREAM, stream=asked.stream)


def flood(asked: Asked, talk: Talk) -> None:
    """Headers that never end (CVE-2024-27316 and its kin)."""
    talk.raw(b"\x88", kind=HEADERS, stream=asked.stream)
    while True:
        talk.raw(b"\x00\x01a\x01b", kind=CONTINUATION, stream=asked.stream)


def before(frame: bytes, kind: int, count: int = 1) -> Serve:
    """Frames that nobody waits for, before the answer."""

    def serve(asked: Asked, talk: Talk) -> None:
        for _ in range(count):
            talk.raw(frame, kind=kind)
        found(asked, talk)

    return serve


def for_ever(frame: bytes, kind: int, flags: int = 0, *, stream: bool = True) -> Serve:
    """The same frame for ever, a little each time."""

    def serve(asked: Asked, talk: Talk) -> None:
        while not talk.server.stopped.wait(0.01):
            talk.raw(frame, kind=kind, flags=flags, stream=asked.stream if stream else 0)

    return serve


def no_head(get: Serve) -> Serve:
    """No answer to HEAD that is of use."""

    def serve(asked: Asked, talk: Talk) -> None:
        if asked.method == "HEAD":
            talk.answer(asked, 405)
        else:
            get(asked, talk)

    return serve


def dripping(part: bytes) -> Serve:
    """A body of the same frame for ever."""

    def serve(asked: Asked, talk: Talk) -> None:
        talk.state.send_headers(asked.stream, [(":status", "200"), ("content-type", OCI_INDEX)])
        for_ever(part, DATA)(asked, talk)

    return serve


def too_large(asked: Asked, talk: Talk) -> None:
    talk.answer(asked, 200, [("content-type", OCI_INDEX)], b" " * (5 * 1024 * 1024))


def informed(asked: Asked, talk: Talk) -> None:
    talk.state.send_headers(asked.stream, [(":status", "103"), ("link", "</x>")])
    found(asked, talk)


def without_status(asked: Asked, talk: Talk) -> None:
    talk.raw(b"\x00\x01a\x01b", kind=HEADERS, flags=END_HEADERS | END_STREAM, stream=asked.stream)


def body_for_head(asked: Asked, talk: Talk) -> None:
    talk.state.send_headers(asked.stream, [(":status", "200"), *FOUND.items()])
    talk.raw(b"x", kind=DATA, flags=END_STREAM, stream=asked.stream)


def limited(asked: Asked, talk: Talk) -> None:
    talk.answer(asked, 429)


def with_trailers(asked: Asked, talk: Talk) -> None:
    talk.state.send_headers(asked.stream, [(":status", "200"), ("content-type", OCI_INDEX)])
    talk.state.send_data(asked.stream, INDEX)
    talk.state.send_headers(asked.stream, [("x-checksum", "1")], end_stream=True)
    talk.flush()


def short(asked: Asked, talk: Talk) -> None:
    """Less of a body than was announced."""
    headers = [(":status", "200"), ("content-type", OCI_INDEX), ("content-length", "9999")]
    talk.state.send_headers(asked.stream, headers)
    talk.state.send_data(asked.stream, INDEX)
    talk.flush()
    talk.raw(b"", kind=DATA, flags=END_STREAM, stream=asked.stream)


def compressed(asked: Asked, talk: Talk) -> None:
    talk.answer(asked, 200, [("content-type", OCI_INDEX), ("content-encoding", "gzip")], INDEX)


def greeting(payload: bytes) -> Start:
    """These very bytes in place of the first settings, then the end."""

    def start(talk: Talk) -> None:
        talk.connection.sendall(payload)
        raise Closed

    return start


def hanging_up(talk: Talk) -> None:
    raise Closed


def setting(**values: int) -> Start:
    def start(talk: Talk) -> None:
        usual(talk)
        talk.settings(**values)

    return start


LATE = "{host} gave no digest within 0.5 seconds"
DOWN = ("h2 HEAD", "h1 HEAD")
"""HTTP/1.1 is spoken after one request over HTTP/2."""
ANEW = ("h2 HEAD", "h2 HEAD", "h2 HEAD")
"""Of two references one is asked for again, over HTTP/2."""
NO_JSON = "not an image manifest: what it sent is not JSON"
GET = ("h2 HEAD", "h2 GET")

UNWILLING = [
    Fault("HTTP/1.1 is required", reset(HTTP_1_1_REQUIRED), requests=DOWN),
    Fault(
        "HTTP/1.1 is required later",
        after_one(reset(HTTP_1_1_REQUIRED)),
        requests=("h2 HEAD", *DOWN),
        references=2,
    ),
    Fault("calm is asked for", going_away(ENHANCE_YOUR_CALM), requests=DOWN),
    Fault("the first request is refused", reset(REFUSED_STREAM), requests=DOWN),
    Fault("the first request fails inside", reset(INTERNAL_ERROR), requests=DOWN),
    Fault("a later one is refused", after_one(reset(REFUSED_STREAM)), requests=ANEW, references=2),
    Fault("a later one fails", after_one(reset(INTERNAL_ERROR)), requests=ANEW, references=2),
    Fault("goodbye, not taken", after_one(going_away(NO_ERROR, 1)), requests=ANEW, references=2),
    Fault("goodbye, none taken", after_one(going_away(NO_ERROR, 0)), requests=ANEW, references=2),
    Fault("goodbye, taken", after_one(going_away(NO_ERROR)), requests=ANEW, references=2),
    Fault("goodbye before anything", going_away(NO_ERROR, 0), requests=DOWN),
    Fault("goodbye with a reproach", going_away(PROTOCOL_ERROR), requests=DOWN),
    Fault("hung up at once", found, start=hanging_up, requests=("h1 HEAD",)),
    Fault("hung up when asked", closing, requests=DOWN),
    Fault("another protocol", found, start=greeting(b"SSH-2.0-x\r\n" * 10), requests=("h1 HEAD",)),
    Fault("HTTP/1.1 all the same", found, start=greeting(PLAIN * 2), requests=("h1 HEAD",)),
    Fault("nothing is said", silent, LATE, start=lambda _: None, deadline=0.5),
    Fault("nothing is answered", silent, LATE, deadline=0.5),
]
"""Servers that will not, or break off."""

WILLING = [
    Fault("one at a time", found, start=setting(MAX_CONCURRENT_STREAMS=1)),
    Fault("a window of one byte", found, start=setting(INITIAL_WINDOW_SIZE=1)),
    Fault("no table of headers", found, start=setting(HEADER_TABLE_SIZE=0)),
    Fault("early hints", informed),
    Fault("trailers", no_head(with_trailers), requests=GET),
    Fault("a frame of no known kind", before(b"x", 0xEE)),
    Fault("a thousand pings", before(b"12345678", PING, 1000)),
    Fault("a thousand settings", before(b"", SETTINGS, 1000)),
    Fault("names in capitals", saying(("X-Capital", "1"))),
]
"""What servers may do, or nearly."""

WRONG = [
    Fault("a status of letters", saying(status="abc"), requests=DOWN),
    Fault("a status of no digits", saying(status=""), requests=DOWN),
    Fault("no status", without_status, NO_JSON, GET),
    Fault("a line feed in a header", saying(("x-a", "a\nb")), requests=DOWN),
    Fault("a carriage return in a header", saying(("x-a", "a\rSet-Cookie: b")), requests=DOWN),
    Fault("a NUL in a header", saying(("x-a", "a\0b")), requests=DOWN),
    Fault("headers of 100 kB", saying(("x-a", "a" * 100_000)), requests=DOWN),
    Fault("thousands of headers", saying(*[("x-a", "a" * 30)] * 3000), requests=DOWN),
    Fault("a bomb of headers", bomb, requests=DOWN),
    Fault("headers without end", flood, requests=DOWN),
    Fault("an entry that is in no table", raw(b"\xff\xff\x01", HEADERS, 5), requests=DOWN),
    Fault("a frame larger than agreed", raw(b" " * 20_000, DATA), requests=DOWN),
    Fault("a body before its headers", raw(b" ", DATA), requests=DOWN),
    Fault("a body for HEAD", body_for_head, requests=DOWN),
    Fault("less than was announced", no_head(short), NO_JSON, (*GET, "h1 GET")),
    Fault("a promise", raw(b"\0\0\0\2\x88", PUSH_PROMISE, END_HEADERS), requests=DOWN),
    Fault("a window that overflows", raw(b"\x7f\xff\xff\xff", WINDOW_UPDATE), requests=DOWN),
    Fault("a window of no use", raw(b"\0\0\0\0", WINDOW_UPDATE), requests=DOWN),
    Fault("settings of half a kind", raw(b"\0\3\0", SETTINGS, stream=False), requests=DOWN),
    Fault(
        "settings out of bounds",
        raw(b"\0\4\xff\xff\xff\xff", SETTINGS, stream=False),
        requests=DOWN,
    ),
    Fault("a ping on a stream", raw(b"12345678", PING), requests=DOWN),
    Fault(
        "headers of a stream never opened", raw(b"\x88", HEADERS, 5, stream=False), requests=DOWN
    ),
]
"""What no server may do."""

BOUNDED = [
    Fault(
        "early hints without end",
        for_ever(b"\x08\x03103", HEADERS, END_HEADERS),
        LATE,
        deadline=0.5,
    ),
    Fault("pings without end", for_ever(b"12345678", PING, stream=False), LATE, deadline=0.5),
    Fault("empty bodies without end", no_head(dripping(b"")), LATE, GET, deadline=0.5),
    Fault("a body that drips", no_head(dripping(b" ")), LATE, GET, deadline=0.5),
    Fault(
        "a body of 5 MB",
        no_head(too_large),
        "{host} sent more than a manifest or a token may hold",
        GET,
    ),
    Fault(
        "a body that is compressed",
        no_head(compressed),
        "{host} answered with a content coding that was not asked for",
        GET,
    ),
    Fault("a limit, and no second question", limited, "rate limited by {host}", ("h2 HEAD",) * 4),
]
"""What would take too much time or space."""

FAULTS = [*UNWILLING, *WILLING, *WRONG, *BOUNDED]
