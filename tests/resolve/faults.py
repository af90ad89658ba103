"""What a registry can do wrong, what boltseal says then, and which requests it has sent by then."""

import gzip
import hashlib
import itertools
import json
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from boltseal.resolve.manifest import DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST
from boltseal.resolve.outcome import Resolved
from tests.resolve.misbehaving import (
    CLOSE,
    RESET,
    Asked,
    Serve,
    Step,
    at,
    in_turn,
    on,
    raw,
    reply,
)
from tests.resolve.mockregistry import INDEX, INDEX_DIGEST

Refusal = tuple[str, str]
"""Reason and hint. ``{host}`` is the registry."""


class Fault(NamedTuple):
    """One thing that goes wrong.

    ``requests`` are those that arrive, as labels, or how many, or None where it may vary.
    ``reference`` follows the host; ``login`` is whether one is configured; ``deadline`` in seconds.
    """

    name: str
    serve: Serve
    outcome: Resolved | Refusal
    requests: tuple[str, ...] | int | None
    reference: str = "/team/app:1.0"
    login: bool = False
    deadline: float = 5.0
    greeting: tuple[Step, ...] = ()


def sha256(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def image(document: object) -> bytes:
    return json.dumps(document).encode()


DIGEST = f"Docker-Content-Digest: {INDEX_DIGEST}"
TYPE = f"Content-Type: {OCI_INDEX}"
OTHER = f"sha256:{'0' * 64}"
SHA512 = f"sha512:{hashlib.sha512(INDEX).hexdigest()}"
LOUD = "\x1b]0;PWNED\x07\x1b[2J\x9b31m::error::PWNED"
"""What a terminal or a CI service would act on."""

GOOD = reply(200, DIGEST, TYPE, body=INDEX)
UNNAMED = reply(200, TYPE, body=INDEX)
NO_HEAD = reply(405)
PINNED = Resolved(INDEX_DIGEST, OCI_INDEX)

HEAD, GET = "HEAD", "GET"
ONCE = (HEAD,)
BOTH = (HEAD, GET)
ALL = (HEAD,) * 4  # The first try and three more.

BROKEN = ("{host} broke off or did not answer in HTTP", "try again, and check the host")
NOT_JSON = (
    "not an image manifest: what it sent is not JSON",
    "see what the registry serves under it",
)
WEB_PAGE = (
    "not an image manifest: a web page was sent in its place",
    "check the host, and whether a proxy or the network wants a login first",
)
TOO_LARGE = ("{host} sent more than a manifest or a token may hold", "check the host")
CODED = (
    "{host} answered with a content coding that was not asked for",
    "check for a proxy that changes what passes through it",
)
LATE = ("{host} gave no digest within 0.4 seconds", "try again, or allow more time")
LIMITED = ("rate limited by {host}", "wait before trying again, or log in for a higher limit")


def limited(seconds: int) -> tuple[str, str]:
    """Limited, with the time to wait that the registry asked for."""
    return LIMITED[0], f"{LIMITED[1]}; it asks to wait {seconds} seconds"


NO_TAG = ("no such tag on {host}", "check the tag and the name")
NO_REPOSITORY = (
    "no such repository on {host}",
    "check the name, or log in if it is private",
)
NO_DIGEST = ("no such digest on {host}", "it was removed there, or never pushed; pin another")
LIES = (
    "{host} sent an image that does not have the digest it names",
    "do not use it before the registry's owner has explained that",
)
RETIRED = (
    "the image has the retired schema 1 format, whose digest is not the hash of its bytes",
    "push the image again with a current tool",
)
NEEDS_LOGIN = (
    "{host} needs a login for it, or it does not exist",
    "check the name, or log in to {host}",
)
LOGIN_REFUSED = (
    "{host} refused the login from the test's file",
    "log in to {host} again, or log out of it for anonymous access",
)
NO_TOKEN = ("the token service {host} gave no usable token", "try again later")
BAD_REALM = (
    "{host} sends clients for a token where they must not go",
    "a token service has an https address without a login in it; tell the registry's owner",
)
NOWHERE = (
    "{host} sends clients to something that is not an address",
    "check that the host is a registry",
)
AROUND = ("{host} sends clients from place to place", "check that the host is a registry")


def status(number: int) -> Refusal:
    return (f"{{host}} answered with status {number}", "check that the host is a registry")


def failed(number: int) -> Refusal:
    return (f"{{host}} failed with status {number}", "try again later")


def busy(number: int) -> Refusal:
    return (f"{{host}} is busy (status {number})", "try again later")


def forbidden(host: str) -> Refusal:
    return (
        f"{host} is an address that must not be asked",
        "link-local and metadata addresses are no registries; see who names this one",
    )


def not_an_image(problem: str) -> Refusal:
    return (f"not an image manifest: {problem}", "see what the registry serves under it")


# --- What HEAD says -----------------------------------------------------------------------------


def _named(*values: str) -> Serve:
    """HEAD names the digest in these words; GET sends the index without a name."""
    names = [f"Docker-Content-Digest: {value}" for value in values]
    return on(reply(200, *names, TYPE), UNNAMED)


HEADS = [
    Fault("no digest header", UNNAMED, PINNED, BOTH),
    Fault("an empty digest header", _named(""), PINNED, BOTH),
    Fault("a digest header with a path in it", _named("sha256:../../etc/passwd"), PINNED, BOTH),
    Fault("a digest in upper case", _named(INDEX_DIGEST.upper()), PINNED, BOTH),
    Fault("hex digits in upper case", _named("sha256:" + "A" * 64), PINNED, BOTH),
    Fault("a digest that is too long", _named(OTHER + "0"), PINNED, BOTH),
    Fault("a digest of ten thousand digits", _named("sha256:" + "0" * 10_000), PINNED, BOTH),
    Fault("a digest that is too short", _named(OTHER[:-1]), PINNED, BOTH),
    Fault("a digest without an algorithm", _named("0" * 64), PINNED, BOTH),
    Fault("a digest in quotes", _named(f'"{OTHER}"'), PINNED, BOTH),
    Fault("a digest with an escape sequence", _named(f"{OTHER}\x1b[2J"), PINNED, BOTH),
    Fault("digits that are not ASCII", _named("sha256:" + "\xb2" * 64), PINNED, BOTH),
    Fault("an md5 digest", _named("md5:" + "0" * 32), PINNED, BOTH),
    Fault("a sha512 digest", _named(SHA512), PINNED, BOTH),
    Fault("two digest headers that differ", _named(OTHER, INDEX_DIGEST), PINNED, BOTH),
    Fault("two digest headers that agree", _named(OTHER, OTHER), PINNED, BOTH),
    Fault("a digest without a type", on(reply(200, DIGEST), UNNAMED), PINNED, BOTH),
    Fault(
        "a digest of a web page",
        on(reply(200, DIGEST, "Content-Type: text/html"), UNNAMED),
        PINNED,
        BOTH,
    ),
    Fault(
        "a type in capitals and with parameters",
        reply(200, DIGEST, f"content-type: {OCI_INDEX.upper()} ; charset=utf-8"),
        PINNED,
        ONCE,
    ),
    Fault("no API version header", reply(200, DIGEST, TYPE), PINNED, ONCE),
    *(
        Fault(f"HEAD answered {number}", on(reply(number), GOOD), PINNED, BOTH)
        for number in (204, 206, 302, 304, 403, 404, 405, 501, 505)
    ),
    *(
        Fault(f"HEAD answered {number}", on(reply(number), GOOD), status(number), ONCE)
        for number in (400, 406, 410, 418, 421, 426, 451)
    ),
    Fault("HEAD answered 401", on(reply(401), GOOD), PINNED, (HEAD, "GET ping", GET)),
    Fault("HEAD answered 500", on(reply(500), GOOD), PINNED, (*ALL, GET)),
    Fault("HEAD answered 503 and then not", in_turn(reply(503), GOOD), PINNED, (HEAD, HEAD)),
    Fault("HEAD answered 408 and then not", in_turn(reply(408), GOOD), PINNED, (HEAD, HEAD)),
    Fault("HEAD answered 408 for ever", reply(408), status(408), ALL),
    Fault("HEAD answered with a body", raw(b"HTTP/1.1 200 OK\r\n\r\n<p>", CLOSE), NOT_JSON, BOTH),
    Fault("status 999", reply(999), failed(999), BOTH),
    Fault("status 600", reply(600), failed(600), BOTH),
]

# --- What GET sends ---------------------------------------------------------------------------------


def _gets(*headers: str, body: bytes, length: int | None = None) -> Serve:
    """HEAD is not known; GET sends these bytes."""
    return on(NO_HEAD, reply(200, *headers, body=body, length=length))


def _sends(document: object, kind: str = OCI_INDEX) -> Serve:
    body = document if isinstance(document, bytes) else image(document)
    return _gets(f"Content-Type: {kind}", body=body)


BARE = image({"schemaVersion": 2, "manifests": []})
CHILD = {"mediaType": OCI_INDEX, "digest": OTHER, "size": 2}
NESTED = image({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [CHILD]})
ARTIFACT = image(
    {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": "application/vnd.example+json",
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": OTHER, "size": 2},
        "layers": [],
    }
)
BAD_CONFIG = image({"schemaVersion": 2, "config": {"digest": "../../x"}, "layers": []})
V1 = "application/vnd.docker.distribution.manifest.v1+json"
SIGNED_V1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
DEEP = b'{"manifests":' + b"[" * 200_000 + b"]" * 200_000 + b"}"

BODIES = [
    Fault("a body that is not JSON", _sends(b"404 page not found"), NOT_JSON, BOTH),
    Fault("an empty body", _sends(b""), NOT_JSON, BOTH),
    Fault("JSON that breaks off", _sends(INDEX[:-1]), NOT_JSON, BOTH),
    Fault("JSON and more", _sends(INDEX + b"{}"), NOT_JSON, BOTH),
    Fault("JSON nested too deep", _sends(DEEP), NOT_JSON, BOTH),
    Fault("a number too long to read", _sends(b'{"size":' + b"9" * 9999 + b"}"), NOT_JSON, BOTH),
    Fault("NaN", _sends(INDEX[:-1] + b', "x": NaN}'), NOT_JSON, BOTH),
    Fault("Infinity", _sends(INDEX[:-1] + b', "x": -Infinity}'), NOT_JSON, BOTH),
    Fault("JSON in UTF-16", _sends(INDEX.decode().encode("utf-16")), NOT_JSON, BOTH),
    Fault("JSON in UTF-32", _sends(INDEX.decode().encode("utf-32-le")), NOT_JSON, BOTH),
    Fault("JSON after a byte order mark", _sends(b"\xef\xbb\xbf" + INDEX), NOT_JSON, BOTH),
    Fault("JSON in Latin-1", _sends(INDEX[:-1] + b', "x": "\xe9"}'), NOT_JSON, BOTH),
    Fault(
        "a key twice",
        _sends(INDEX[:-1] + b', "manifests": []}'),
        not_an_image("it has 'manifests' twice"),
        BOTH,
    ),
    Fault(
        "a key twice, with an escape sequence in it",
        _sends(b'{"\\u001b[2J": 1, "\\u001b[2J": 2}'),
        not_an_image("it has '\\x1b[2J' twice"),
        BOTH,
    ),
    Fault(
        "a key twice, but for its case",
        _sends(INDEX[:-1] + b', "Manifests": [1]}'),
        not_an_image("it has 'Manifests' twice"),
        BOTH,
    ),
    Fault("a list", _sends([]), not_an_image("what it sent is not a JSON object"), BOTH),
    Fault("null", _sends(b"null"), not_an_image("what it sent is not a JSON object"), BOTH),
    Fault(
        "another type inside than outside",
        _sends({"mediaType": DOCKER_MANIFEST}, OCI_MANIFEST),
        not_an_image(f"its media type is '{OCI_MANIFEST}' outside and '{DOCKER_MANIFEST}' inside"),
        BOTH,
    ),
    Fault(
        "a type that is a number",
        _sends({"mediaType": 7}),
        not_an_image(f"its media type is '{OCI_INDEX}' outside and '7' inside"),
        BOTH,
    ),
    Fault(
        "no type inside",
        _sends(BARE),
        Resolved(sha256(BARE), OCI_INDEX),
        BOTH,
    ),
    Fault("no type outside", _gets(body=INDEX), PINNED, BOTH),
    Fault("no type at all", _gets(body=BARE), not_an_image("'' is not the type of an image"), BOTH),
    Fault(
        "text/plain outside",
        _sends(INDEX, "text/plain; charset=utf-8"),
        not_an_image(f"its media type is 'text/plain' outside and '{OCI_INDEX}' inside"),
        BOTH,
    ),
    Fault(
        "a type with an escape sequence",
        _sends({"mediaType": LOUD}, "text/\x1b[2J"),
        not_an_image(
            "its media type is 'text/\\x1b[2j' outside and "
            "'\\x1b]0;PWNED\\x07\\x1b[2J\\x9b31m::error::PWNED' inside"
        ),
        BOTH,
    ),
    Fault(
        "an index with layers",
        _sends({"mediaType": OCI_INDEX, "manifests": [], "layers": []}),
        not_an_image(f"it is declared '{OCI_INDEX}' and has 'layers'"),
        BOTH,
    ),
    Fault(
        "an image with manifests",
        _sends({"mediaType": OCI_MANIFEST, "manifests": [], "layers": []}, OCI_MANIFEST),
        not_an_image(f"it is declared '{OCI_MANIFEST}' and has 'manifests'"),
        BOTH,
    ),
    Fault(
        "an index without manifests",
        _sends({"mediaType": OCI_INDEX}),
        not_an_image(f"it is declared '{OCI_INDEX}' and has no 'manifests'"),
        BOTH,
    ),
    Fault(
        "an index whose manifests are an object",
        _sends({"mediaType": OCI_INDEX, "manifests": {}}),
        not_an_image(f"it is declared '{OCI_INDEX}' and has no 'manifests'"),
        BOTH,
    ),
    Fault("an index of indexes", _sends(NESTED), Resolved(sha256(NESTED), OCI_INDEX), BOTH),
    Fault(
        "an artifact",
        _sends(ARTIFACT, OCI_MANIFEST),
        Resolved(sha256(ARTIFACT), OCI_MANIFEST),
        BOTH,
    ),
    Fault(
        "an image whose configuration has no digest",
        _sends(BAD_CONFIG, OCI_MANIFEST),
        Resolved(sha256(BAD_CONFIG), OCI_MANIFEST),
        BOTH,
    ),
    *(
        Fault(f"schema 1 by HEAD as {kind}", reply(200, f"Content-Type: {kind}"), RETIRED, ONCE)
        for kind in (V1, SIGNED_V1)
    ),
    *(
        Fault(f"schema 1 by GET as {kind}", _sends({"schemaVersion": 1}, kind), RETIRED, BOTH)
        for kind in (V1, SIGNED_V1, "application/json")
    ),
    Fault(
        "the login page of a network",
        reply(200, "Content-Type: text/html; charset=utf-8", body=b"<html>Welcome</html>"),
        WEB_PAGE,
        BOTH,
    ),
    Fault(
        "GET names another digest than it sends",
        _gets(TYPE, f"Docker-Content-Digest: {OTHER}", body=INDEX),
        LIES,
        BOTH,
    ),
    Fault(
        "GET names another sha512 digest than it sends",
        _gets(TYPE, f"Docker-Content-Digest: sha512:{'0' * 128}", body=INDEX),
        LIES,
        BOTH,
    ),
    Fault(
        "GET names junk",
        _gets(TYPE, f"Docker-Content-Digest: {LOUD}", body=INDEX),
        PINNED,
        BOTH,
    ),
    *(
        Fault(f"GET answered {number}", on(reply(200), reply(number)), status(number), BOTH)
        for number in (204, 206, 304, 300, 400, 410)
    ),
    Fault(
        "GET answered 206 with a range",
        on(NO_HEAD, reply(206, TYPE, "Content-Range: bytes 0-1/9", body=INDEX)),
        status(206),
        BOTH,
    ),
]

# --- Digests asked for ------------------------------------------------------------------------------

BY_DIGEST = [
    Fault("HEAD by digest names another", GOOD, LIES, ONCE, f"/app@{OTHER}"),
    Fault("GET by digest sends another", UNNAMED, LIES, BOTH, f"/app@{OTHER}"),
    Fault("a digest that is gone", reply(404), NO_DIGEST, BOTH, f"/app@{OTHER}"),
    Fault("a tag and a digest that is gone", reply(404), NO_DIGEST, BOTH, f"/app:1@{OTHER}"),
    Fault(
        "a sha512 digest answered by a sha256 one",
        GOOD,
        Resolved(SHA512, OCI_INDEX),
        BOTH,
        f"/app@{SHA512}",
    ),
    Fault(
        "a sha512 digest answered by another image",
        UNNAMED,
        LIES,
        BOTH,
        f"/app@sha512:{'0' * 128}",
    ),
    Fault(
        "a sha512 digest named by HEAD",
        reply(200, TYPE, f"Docker-Content-Digest: {SHA512}"),
        Resolved(SHA512, OCI_INDEX),
        ONCE,
        f"/app@{SHA512}",
    ),
]

# --- Bytes, sizes and time --------------------------------------------------------------------------

FRONT = f"HTTP/1.1 200 OK\r\n{DIGEST}\r\n{TYPE}\r\n".encode()
WHOLE = FRONT + b"Content-Length: 0\r\n\r\n"


def _drip(asked: Asked) -> Iterator[Step]:
    yield FRONT + b"Content-Length: 1000000\r\n\r\n"
    for _ in itertools.count() if asked.method == "GET" else ():
        yield b" "
        yield 0.02


def _slow_headers(asked: Asked) -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield f"X-{number}: x\r\n".encode()
        yield 0.02


def _hints_for_ever(asked: Asked) -> Iterator[Step]:
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
        yield 0.02


def _flood(asked: Asked) -> Iterator[Step]:
    yield FRONT + b"\r\n"
    for _ in itertools.count() if asked.method == "GET" else ():
        yield b" " * 65536
    yield CLOSE


def _headers_for_ever(asked: Asked) -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield f"X-{number}: {'x' * 1000}\r\n".encode()


def _chunked(*chunks: bytes, ending: bytes = b"0\r\n\r\n") -> Serve:
    front = f"HTTP/1.1 200 OK\r\n{TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return on(NO_HEAD, raw(front, *chunks, ending, CLOSE))


def _coded(coding: str, body: bytes) -> Serve:
    return _gets(TYPE, f"Content-Encoding: {coding}", body=body)


ONE_CHUNK = b"%x\r\n%s\r\n" % (len(INDEX), INDEX)
SPLIT = len(FRONT) // 2

BYTES = [
    Fault(
        "a body shorter than announced",
        _gets(TYPE, body=INDEX, length=9999),
        LATE,
        BOTH,
        deadline=0.4,
    ),
    Fault(
        "a body that breaks off",
        on(NO_HEAD, raw(FRONT + b"Content-Length: 9999\r\n\r\n" + INDEX, CLOSE)),
        BROKEN,
        (HEAD, *(GET,) * 4),
    ),
    Fault(
        "a body that breaks off once",
        in_turn(NO_HEAD, raw(FRONT + b"Content-Length: 9999\r\n\r\n", CLOSE), GOOD),
        PINNED,
        (HEAD, GET, GET),
    ),
    Fault("a body larger than announced", raw(WHOLE + b"{}" * 99), PINNED, ONCE),
    Fault("a body without an end", _flood, PINNED, ONCE),
    Fault("GET: a body without an end", on(NO_HEAD, _flood), TOO_LARGE, BOTH),
    Fault(
        "a body announced as five mebibytes", _gets(TYPE, body=b" " * 5 * 2**20), TOO_LARGE, BOTH
    ),
    Fault("a body that drips for ever", on(NO_HEAD, _drip), LATE, BOTH, deadline=0.4),
    Fault("headers that drip for ever", _slow_headers, LATE, ONCE, deadline=0.4),
    Fault("hints for ever", _hints_for_ever, LATE, ONCE, deadline=0.4),
    Fault("nothing at all", raw(60.0), LATE, ONCE, deadline=0.4),
    Fault("a greeting, then nothing", raw(), LATE, None, deadline=0.4, greeting=(b"HTTP", 60.0)),
    Fault("headers without an end", _headers_for_ever, BROKEN, ALL),
    Fault("a header of a megabyte", reply(200, "X-Y: " + "y" * 2**20), BROKEN, ALL),
    Fault("ten thousand headers", reply(200, *("X-Y: " + "y" * 99,) * 10_000), BROKEN, ALL),
    Fault("a thousand small headers", reply(200, DIGEST, TYPE, *("X: y",) * 1000), PINNED, ONCE),
    Fault("gzip", _coded("gzip", gzip.compress(INDEX)), CODED, BOTH),
    Fault("a gzip bomb", _coded("gzip", gzip.compress(b" " * 50_000_000, 1)), CODED, BOTH),
    Fault("deflate", _coded("deflate", zlib.compress(INDEX)), CODED, BOTH),
    Fault("br", _coded("br", b"\x0b\x02\x80"), CODED, BOTH),
    Fault("zstd", _coded("zstd", b"\x28\xb5\x2f\xfd"), CODED, BOTH),
    Fault("gzip twice", _coded("gzip, gzip", INDEX), CODED, BOTH),
    Fault("a coding nobody knows", _coded(LOUD, INDEX), CODED, BOTH),
    Fault("identity", _coded("Identity", INDEX), PINNED, BOTH),
    Fault("gzip that is not announced", _gets(TYPE, body=gzip.compress(INDEX)), NOT_JSON, BOTH),
    Fault("chunks", _chunked(ONE_CHUNK), PINNED, BOTH),
    Fault(
        "a chunk with an extension",
        _chunked(ONE_CHUNK.replace(b"\r\n", b";x=y\r\n", 1)),
        PINNED,
        BOTH,
    ),
    Fault("chunks of no size", _chunked(b"zz\r\n"), BROKEN, (HEAD, *(GET,) * 4)),
    Fault("a chunk of a negative size", _chunked(b"-1\r\n\r\n"), BROKEN, (HEAD, *(GET,) * 4)),
    Fault("a chunk of a huge size", _chunked(b"f" * 30 + b"\r\n"), BROKEN, (HEAD, *(GET,) * 4)),
    Fault("chunks that break off", _chunked(ONE_CHUNK, ending=b""), BROKEN, (HEAD, *(GET,) * 4)),
    Fault(
        "two lengths that differ",
        raw(FRONT + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", CLOSE),
        BROKEN,
        ALL,
    ),
    Fault(
        "a length that is negative", raw(FRONT + b"Content-Length: -1\r\n\r\n", CLOSE), BROKEN, ALL
    ),
    Fault(
        "a length that is a word", raw(FRONT + b"Content-Length: many\r\n\r\n", CLOSE), BROKEN, ALL
    ),
    Fault("a null byte in a header", raw(FRONT + b"X: a\0b\r\n\r\n", CLOSE), BROKEN, ALL),
    Fault("a header without a colon", raw(FRONT + b"nonsense\r\n\r\n", CLOSE), BROKEN, ALL),
    Fault("an escape in a header's name", raw(FRONT + b"\x1b[2J: x\r\n\r\n", CLOSE), BROKEN, ALL),
    Fault("a header name of UTF-8", raw(FRONT + "\u202eX: x\r\n\r\n".encode(), CLOSE), BROKEN, ALL),
    Fault("status 000", raw(b"HTTP/1.1 000 X\r\n\r\n", CLOSE), BROKEN, ALL),
    Fault("a status of two digits", raw(b"HTTP/1.1 20 OK\r\n\r\n", CLOSE), BROKEN, ALL),
    Fault("HTTP/1.0", raw(WHOLE.replace(b"1.1", b"1.0"), CLOSE), PINNED, ONCE),
    Fault("HTTP/9.9", raw(WHOLE.replace(b"1.1", b"9.9"), CLOSE), PINNED, ONCE),
    Fault("HTTP/2 unasked", raw(b"\0\0\x12\x04\0\0\0\0\0", CLOSE), BROKEN, ALL),
    Fault("SSH", raw(), BROKEN, None, greeting=(b"SSH-2.0-x\r\n", CLOSE)),
    Fault("line feeds alone", raw(WHOLE.replace(b"\r\n", b"\n")), PINNED, ONCE),
    Fault(
        "a header that is folded",
        raw(FRONT + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
        PINNED,
        ONCE,
    ),
    Fault("100 first", raw(b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE), PINNED, ONCE),
    Fault(
        "103 first",
        raw(b"HTTP/1.1 103 Early Hints\r\nLink: <http://169.254.169.254/>\r\n\r\n" + WHOLE),
        PINNED,
        ONCE,
    ),
    Fault(
        "101",
        raw(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", CLOSE
        ),
        BROKEN,
        ALL,
    ),
    Fault("a closed connection", raw(CLOSE), BROKEN, ALL),
    Fault("a reset connection", raw(RESET), BROKEN, ALL),
    Fault("a reset amid the status", raw(b"HTTP/1.1 2", RESET), BROKEN, ALL),
    Fault("a reset amid the headers", raw(FRONT[:SPLIT], RESET), BROKEN, ALL),
    Fault(
        "a reset amid the body",
        on(NO_HEAD, raw(FRONT + b"Content-Length: 9\r\n\r\n{", RESET)),
        BROKEN,
        (HEAD, *(GET,) * 4),
    ),
    Fault("a reset, and then an answer", in_turn(raw(RESET), GOOD), PINNED, (HEAD, HEAD)),
    Fault("a connection closed after each answer", in_turn(raw(WHOLE, CLOSE), GOOD), PINNED, ONCE),
    Fault(
        "a connection closed between HEAD and GET",
        on(raw(b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n", CLOSE), GOOD),
        PINNED,
        BOTH,
    ),
    Fault(
        "a connection reset between HEAD and GET",
        on(raw(b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n", RESET), GOOD),
        PINNED,
        None,
    ),
]

# --- Redirects --------------------------------------------------------------------------------------


def _to(location: str, number: int = 302) -> Serve:
    """HEAD and GET are sent elsewhere; what is there is right."""
    return at({"/elsewhere": GOOD}, reply(number, f"Location: {location}"))


THERE = (HEAD, GET, "GET elsewhere")

REDIRECTS = [
    *(
        Fault(f"{number} to a path", _to("/elsewhere", number), PINNED, THERE)
        for number in (301, 302, 303, 307, 308)
    ),
    Fault("a redirect to the same host", _to("http://{server}/elsewhere"), PINNED, THERE),
    Fault("a redirect without a scheme", _to("//{server}/elsewhere"), PINNED, THERE),
    Fault("a redirect with a fragment", _to("/elsewhere#@evil.example.net"), PINNED, THERE),
    Fault("a redirect with a query", _to("/elsewhere?signature=secret"), PINNED, THERE),
    Fault("a redirect to itself", _to("?again"), AROUND, (HEAD, *(GET,) * 6)),
    Fault("a redirect without a place", reply(307), NOWHERE, BOTH),
    Fault("a redirect to nothing", _to(""), NOWHERE, BOTH),
    Fault("a redirect to white space", _to(" \t "), NOWHERE, BOTH),
    Fault(
        "two redirects at once", reply(302, "Location: /elsewhere", "Location: /x"), NOWHERE, BOTH
    ),
    *(
        Fault(f"a redirect to {place.encode('unicode_escape').decode()}", _to(place), NOWHERE, BOTH)
        for place in (
            "file:///etc/passwd",
            "ftp://{server}/x",
            "gopher://{server}/x",
            "javascript:alert(1)",
            "data:text/plain,x",
            "http://user:secret@{server}/x",
            "http://user@{server}/x",
            "http://@{server}/x",
            "http://:80/x",
            "http://[::1/x",
            "http://[::1%25eth0]/x",
            "http://[v1.x]/x",
            "http://{server}0000000/x",
            "http://127.0.0.1:-1/x",
            "http://127.0.0.1:0/x",
            "http://127.0.0.1:port/x",
            "http://127.0.0.1\\@{server}/x",
            "http://127.0.0.1\\.example.com/x",
            "http://a b/x",
            "http://exa%6dple.com/x",
            "http://\xe9xample.com/x",
            "http://example.com/\x1b[2J",
            "http://\u202emoc.elpmaxe/x".encode().decode("latin-1"),
        )
    ),
    *(
        Fault(f"a redirect to {place}", _to(place), AROUND, (HEAD, *(GET,) * 6))
        for place in ("http:///v2/team/app/manifests/1.0", "http:1.0")
    ),
    *(
        Fault(
            f"a redirect to {host}", _to(f"http://{host}/latest/meta-data"), forbidden(host), BOTH
        )
        for host in (
            "169.254.169.254",
            "[fe80::1]",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "[fd00:ec2::254]",
            "0.0.0.0",
            "[::]",
            "224.0.0.1",
            "255.255.255.255",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.43518",
            "169.254.169.254.",
        )
    ),
    Fault(
        "a redirect to a name that does not exist",
        _to("http://cdn.example.invalid/x"),
        (
            "the name cdn.example.invalid cannot be looked up",
            "check the host's spelling and the network",
        ),
        (HEAD, GET),
    ),
    Fault("404 after a redirect", at({"/elsewhere": reply(404)}, _to("/elsewhere")), NO_TAG, THERE),
    Fault(
        "401 after a redirect",
        at({"/elsewhere": reply(401, "WWW-Authenticate: Basic realm=x")}, _to("/elsewhere")),
        NEEDS_LOGIN,
        THERE,
        login=True,
    ),
    Fault(
        "another image after a redirect",
        _to("/elsewhere"),
        LIES,
        THERE,
        f"/app@{OTHER}",
    ),
]

# --- Errors and limits ------------------------------------------------------------------------------


def _error(number: int, code: str, *headers: str) -> Serve:
    body = image({"errors": [{"code": code, "message": LOUD, "detail": LOUD}]})
    return reply(number, "Content-Type: application/json", *headers, body=body)


ERRORS = [
    Fault("404: the tag", _error(404, "MANIFEST_UNKNOWN"), NO_TAG, BOTH),
    Fault("404: the repository", _error(404, "NAME_UNKNOWN"), NO_REPOSITORY, BOTH),
    Fault("404 in plain text", reply(404, body=b"404 page not found"), NO_TAG, BOTH),
    Fault("404 in HTML", reply(404, "Content-Type: text/html", body=b"<h1>?</h1>"), NO_TAG, BOTH),
    Fault("404 in JSON of another kind", reply(404, body=b'{"errors":{"code":1}}'), NO_TAG, BOTH),
    Fault("404 with ten megabytes", reply(404, body=b" " * 10_000_000), NO_TAG, BOTH),
    Fault("404 in JSON nested too deep", reply(404, body=b"[" * 60_000), NO_TAG, BOTH),
    Fault("404 with gzip", reply(404, "Content-Encoding: gzip", body=b"\x1f\x8b"), NO_TAG, BOTH),
    Fault("403: denied", _error(403, "DENIED"), NEEDS_LOGIN, BOTH),
    Fault("403 in plain text", reply(403, body=LOUD.encode("latin-1")), NEEDS_LOGIN, BOTH),
    Fault("403 in HTML", reply(403, "Content-Type: text/html", body=b"<html>"), NEEDS_LOGIN, BOTH),
    Fault(
        "an escape in a reason phrase",
        raw(b"HTTP/1.1 404 \x1b[2J\r\nContent-Length: 0\r\n\r\n"),
        NO_TAG,
        BOTH,
    ),
    Fault(
        "escapes in a warning", reply(200, DIGEST, TYPE, f'Warning: 299 - "{LOUD}"'), PINNED, ONCE
    ),
    Fault("429 for ever", reply(429), LIMITED, ALL),
    Fault("429 and then not", in_turn(reply(429, "Retry-After: 0"), GOOD), PINNED, (HEAD, HEAD)),
    *(
        Fault(f"429 with Retry-After: {value}", reply(429, f"Retry-After: {value}"), said, ONCE)
        for value, said in (
            ("3600", limited(3600)),
            (" 86400 ", limited(86400)),
            ("999999999999999999", LIMITED),
        )
    ),
    Fault(
        "429 with a date far ahead",
        reply(429, "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT"),
        LIMITED,
        ONCE,
    ),
    *(
        Fault(
            f"429 with Retry-After: {value}, and then not",
            in_turn(reply(429, f"Retry-After: {value}"), GOOD),
            PINNED,
            (HEAD, HEAD),
        )
        for value in (
            "238.39\xb5s",
            "5ms",
            "-1",
            "soon",
            "",
            "1e3",
            "9" * 5000,
            "0x10",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Thu, 99 Jan 1970 00:00:00 GMT",
            "31 Feb",
        )
    ),
    Fault("429 to GET only", on(NO_HEAD, reply(429)), LIMITED, (HEAD, *(GET,) * 4)),
    Fault("503 that asks for an hour", reply(503, "Retry-After: 3600"), busy(503), ONCE),
    Fault("503 for ever", reply(503), failed(503), (*ALL, GET)),
    Fault(
        "cookies",
        on(reply(405, "Set-Cookie: a=b"), reply(200, TYPE, "Set-Cookie: c=d", body=INDEX)),
        PINNED,
        BOTH,
    ),
    Fault(
        "a cookie that is junk",
        reply(200, DIGEST, TYPE, "Set-Cookie: ;=\xff;expires=x"),
        PINNED,
        ONCE,
    ),
    Fault("HSTS", on(reply(405, "Strict-Transport-Security: max-age=9"), GOOD), PINNED, BOTH),
    Fault(
        "a Refresh header",
        reply(200, DIGEST, TYPE, "Refresh: 0; url=http://169.254.169.254/"),
        PINNED,
        ONCE,
    ),
    Fault(
        "an Alt-Svc header",
        on(reply(405, 'Alt-Svc: h3="evil.example.net:443"'), GOOD),
        PINNED,
        BOTH,
    ),
    Fault(
        "a Location beside an answer",
        reply(200, DIGEST, TYPE, "Location: http://[x/"),
        PINNED,
        ONCE,
    ),
]

# --- Logins -----------------------------------------------------------------------------------------

BASIC = 'WWW-Authenticate: Basic realm="x"'
BEARER = 'WWW-Authenticate: Bearer realm="http://{server}/token",service="lab"'
TOKEN = reply(200, body=b'{"token":"good"}')


def _private(token: Serve, *challenge: str) -> Serve:
    """A registry that opens for the token ``good``, or for any password where Basic is all."""

    def serve(asked: Asked) -> Iterator[Step]:
        if asked.path.startswith("/token"):
            yield from token(asked)
            return
        sent = asked.headers.get("authorization", "")
        opens = sent == "Bearer good" or (sent.startswith("Basic ") and BEARER not in challenge)
        yield from (GOOD if opens else reply(401, *(challenge or (BEARER,))))(asked)

    return serve


def _token(document: object) -> Serve:
    return _private(reply(200, body=image(document)))


def _realm(realm: str) -> Serve:
    return _private(TOKEN, f'WWW-Authenticate: Bearer realm="{realm}",service="lab"')


WITH_TOKEN = (HEAD, "GET token", "HEAD*")
ASKED = (HEAD, "GET token")


def unsupported(offer: str) -> Refusal:
    return (
        "{host} asks for a kind of login that is not supported",
        f"it offers '{offer}'; Basic and Bearer are supported",
    )


def token_status(number: int) -> Refusal:
    return (f"the token service {{host}} answered with status {number}", "try again later")


LOGINS = [
    Fault("401 without a challenge", reply(401), NEEDS_LOGIN, (HEAD, "GET ping", GET)),
    Fault(
        "401 with a challenge at the root only",
        at({"/v2/": reply(401, BASIC)}, _private(TOKEN, "X: y")),
        PINNED,
        (HEAD, "GET ping", "HEAD*"),
        login=True,
    ),
    Fault(
        "an empty challenge", reply(401, "WWW-Authenticate: "), NEEDS_LOGIN, (HEAD, "GET ping", GET)
    ),
    Fault(
        "a challenge of commas",
        reply(401, "WWW-Authenticate: ,,,"),
        NEEDS_LOGIN,
        (HEAD, "GET ping", GET),
    ),
    Fault(
        "an escape as a challenge",
        reply(401, "WWW-Authenticate: \x9b31m"),
        NEEDS_LOGIN,
        (HEAD, "GET ping", GET),
    ),
    Fault(
        "a challenge of ninety thousand commas",
        reply(401, "WWW-Authenticate: " + "," * 90_000 + "Basic realm=x"),
        NEEDS_LOGIN,
        ONCE,
    ),
    Fault(
        "a challenge of ninety thousand backslashes",
        reply(401, 'WWW-Authenticate: Basic realm="' + "\\" * 90_000),
        NEEDS_LOGIN,
        ONCE,
    ),
    Fault("Basic without a login", reply(401, BASIC), NEEDS_LOGIN, ONCE),
    Fault(
        "Basic that opens nothing", reply(401, BASIC), LOGIN_REFUSED, (HEAD, "HEAD*"), login=True
    ),
    Fault(
        "Basic without a realm",
        _private(TOKEN, "WWW-Authenticate: Basic"),
        PINNED,
        (HEAD, "HEAD*"),
        login=True,
    ),
    Fault(
        "Negotiate, Basic and Bearer in one header",
        _private(TOKEN, 'WWW-Authenticate: Negotiate, Basic realm="a, b", ' + BEARER[18:]),
        PINNED,
        ("HEAD", "GET token*", "HEAD*"),
        login=True,
    ),
    Fault(
        "Basic and Bearer in two headers",
        _private(TOKEN, BASIC, BEARER),
        PINNED,
        (HEAD, "GET token*", "HEAD*"),
        login=True,
    ),
    Fault(
        "Negotiate alone",
        reply(401, "WWW-Authenticate: Negotiate YWJj"),
        unsupported("negotiate"),
        ONCE,
    ),
    Fault(
        "Bearer without a realm",
        reply(401, 'WWW-Authenticate: Bearer service="x"'),
        unsupported("bearer"),
        ONCE,
    ),
    Fault(
        "Bearer without a realm beside Basic",
        _private(TOKEN, "WWW-Authenticate: Bearer", BASIC),
        PINNED,
        (HEAD, "HEAD*"),
        login=True,
    ),
    Fault(
        "a scheme of thousand letters",
        reply(401, f"WWW-Authenticate: {'x' * 1000}"),
        unsupported("x" * 117 + "..."),
        ONCE,
    ),
    *(
        Fault(
            f"a realm that is {realm.encode('unicode_escape').decode()}",
            _realm(realm),
            BAD_REALM,
            ONCE,
            login=True,
        )
        for realm in (
            "",
            "/token",
            "token",
            "//{server}/token",
            "http://user:secret@{server}/token",
            "http://@{server}/token",
            "ftp://{server}/token",
            "file:///etc/passwd",
            "http://",
            "http://[::1/token",
            "http://{server}\\\\@example.com/token",
            "http://exa mple.com/token",
            "http://{server}/\x1b[2J",
            "http://\xe9xample.com/token",
            "http://127.0.0.1:99999/token",
        )
    ),
    *(
        Fault(
            f"a realm at {host}", _realm(f"http://{host}/token"), forbidden(host), ONCE, login=True
        )
        for host in ("169.254.169.254", "[fe80::1]", "2852039166", "[::ffff:a9fe:a9fe]", "0.0.0.0")
    ),
    Fault("a realm with a query", _realm("http://{server}/token?a=b"), PINNED, WITH_TOKEN),
    Fault("a realm with a fragment", _realm("http://{server}/token#x"), PINNED, WITH_TOKEN),
    Fault("a realm in capitals", _realm("HTTP://{server}/token"), PINNED, WITH_TOKEN),
    *(
        Fault(
            f"a token service that answers {number}",
            _private(reply(number, "Location: /x")),
            token_status(number),
            ASKED,
        )
        for number in (204, 206, 302, 307, 400, 404, 418)
    ),
    Fault(
        "a token service that is busy",
        _private(reply(503)),
        token_status(503),
        (HEAD, *("GET token",) * 4),
    ),
    Fault(
        "a token service that limits", _private(reply(429, "Retry-After: 99")), limited(99), ASKED
    ),
    *(
        Fault(f"a token service that answers {number}", _private(reply(number)), NEEDS_LOGIN, ASKED)
        for number in (401, 403)
    ),
    *(
        Fault(
            f"a token service that answers a login with {number}",
            _private(reply(number)),
            LOGIN_REFUSED,
            (HEAD, "GET token*"),
            login=True,
        )
        for number in (400, 401, 403)
    ),
    Fault("a token service that drips", _private(_drip), LATE, ASKED, deadline=0.4),
    Fault("a token service that floods", _private(_flood), TOO_LARGE, ASKED),
    Fault(
        "a token service with gzip", _private(reply(200, "Content-Encoding: gzip")), CODED, ASKED
    ),
    *(
        Fault(f"a token that is {name}", _private(reply(200, body=body)), NO_TOKEN, ASKED)
        for name, body in {
            "no JSON": b"good",
            "nothing": b"",
            "a list": b'["token"]',
            "null": b"null",
            "an empty object": b"{}",
            "empty": b'{"token":""}',
            "a number": b'{"token":7}',
            "a list of one": b'{"token":["good"]}',
            "two lines": b'{"token":"good\\r\\nX-Evil: y"}',
            "not ASCII": b'{"token":"\\u00e9"}',
            "an escape sequence": b'{"token":"\\u001b[2J"}',
            "nested too deep": b"[" * 60_000,
            "a web page": b"<html>Welcome</html>",
        }.items()
    ),
    Fault("a token named access_token", _token({"access_token": "good"}), PINNED, WITH_TOKEN),
    Fault("two tokens", _token({"token": "good", "access_token": "bad"}), PINNED, WITH_TOKEN),
    Fault(
        "a token beside an empty one",
        _token({"token": "", "access_token": "good"}),
        PINNED,
        WITH_TOKEN,
    ),
    Fault(
        "a token of sixty thousand letters",
        _token({"token": "x" * 60_000}),
        NEEDS_LOGIN,
        (HEAD, "GET token", "HEAD*", "GET*"),
    ),
    *(
        Fault(f"a token that lives {lives}", _private(reply(200, body=body)), PINNED, WITH_TOKEN)
        for lives in ("0", "-1", '"60"', "1e308", "1" * 300, "null", "true", "[]", "0.1", "NaN")
        for body in [b'{"token":"good","expires_in":%s}' % lives.encode()]
    ),
    Fault(
        "401 to every token",
        _token({"token": "bad"}),
        NEEDS_LOGIN,
        (HEAD, "GET token", "HEAD*", "GET*"),
    ),
    Fault(
        "a token for less than was asked",
        _private(
            reply(200, body=b'{"token":"bad"}'),
            BEARER + ',scope="repository:team/app:pull",error="insufficient_scope"',
        ),
        NEEDS_LOGIN,
        (HEAD, "GET token", "HEAD*", "GET*"),
    ),
    Fault(
        "403 to a token",
        lambda asked: (reply(403) if "authorization" in asked.headers else _private(TOKEN))(asked),
        NEEDS_LOGIN,
        (HEAD, "GET token", "HEAD*", "GET*"),
    ),
    Fault(
        "404 to a token",
        lambda asked: (reply(404) if "authorization" in asked.headers else _private(TOKEN))(asked),
        NO_TAG,
        (HEAD, "GET token", "HEAD*", "GET*"),
    ),
    Fault(
        "429 to a token",
        lambda asked: (
            reply(429, "Retry-After: 99") if "authorization" in asked.headers else _private(TOKEN)
        )(asked),
        limited(99),
        WITH_TOKEN,
    ),
]

FAULTS = [*HEADS, *BODIES, *BY_DIGEST, *BYTES, *REDIRECTS, *ERRORS, *LOGINS]
