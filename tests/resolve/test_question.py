import hashlib
import json

import httpx
import pytest

from boltseal.resolve.manifest import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    MANIFEST_TYPES,
    OCI_INDEX,
    OCI_MANIFEST,
)
from boltseal.resolve.outcome import Resolved
from tests.resolve.mockregistry import (
    APP,
    HOST,
    INDEX,
    INDEX_DIGEST,
    MANIFESTS,
    Login,
    Recorder,
    challenge,
    found,
    reason,
    reference,
    resolve,
    resolver,
    sent,
)

OTHER = f"sha256:{'0' * 64}"


def head_then_get(head: httpx.Response, get: httpx.Response) -> Recorder:
    return Recorder(lambda request: head if request.method == "HEAD" else get)


def test_one_head_is_enough() -> None:
    registry = Recorder(lambda _: found())
    assert resolve(registry) == Resolved(INDEX_DIGEST, OCI_INDEX)
    assert registry.lines == [f"HEAD {MANIFESTS}/1.0"]


def test_every_request_accepts_all_four_types_and_no_coding() -> None:
    registry = head_then_get(httpx.Response(200), sent())
    resolve(registry)
    assert len(registry.requests) == 2
    for request in registry.requests:
        assert set(request.headers["accept"].split(", ")) == MANIFEST_TYPES
        assert request.headers["accept-encoding"] == "identity"


def test_docker_hub_is_reached_at_its_registry_host() -> None:
    registry = Recorder(lambda _: found())
    resolve(registry, "nginx")
    assert registry.lines == ["HEAD https://registry-1.docker.io/v2/library/nginx/manifests/latest"]


def test_content_type_parameters_are_ignored() -> None:
    assert resolve(lambda _: found(media_type=f"{OCI_INDEX}; charset=utf-8")) == Resolved(
        INDEX_DIGEST, OCI_INDEX
    )


@pytest.mark.parametrize(
    "digest", ["", "junk", INDEX_DIGEST + "\t,x", INDEX_DIGEST.upper(), f"sha512:{'0' * 128}"]
)
def test_a_head_without_a_usable_digest_is_followed_by_a_get(digest: str) -> None:
    registry = head_then_get(found(digest), sent())
    assert resolve(registry) == Resolved(INDEX_DIGEST, OCI_INDEX)
    assert registry.lines == [f"HEAD {MANIFESTS}/1.0", f"GET {MANIFESTS}/1.0"]


@pytest.mark.parametrize("status", [403, 404, 405, 501, 500, 307])
def test_a_head_that_is_refused_is_followed_by_a_get(status: int) -> None:
    registry = head_then_get(httpx.Response(status), sent())
    assert resolve(registry) == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_a_401_without_any_challenge_is_followed_by_a_get() -> None:
    registry = head_then_get(challenge(), sent())
    assert resolve(registry) == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_a_challenge_is_asked_of_the_root_where_the_answer_lacks_it() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/":
            return challenge("Basic realm=x")
        return found() if "authorization" in request.headers else challenge()

    login = Login(username="u", password="p")
    assert resolve(handler, credentials=login) == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_no_get_follows_a_429() -> None:
    registry = Recorder(lambda _: httpx.Response(429, headers={"Retry-After": "3600"}))
    assert reason(resolve(registry)) == f"rate limited by {HOST}"
    assert registry.lines == [f"HEAD {MANIFESTS}/1.0"]


def test_a_429_is_retried_three_times_with_head_only() -> None:
    registry = Recorder(lambda _: httpx.Response(429))
    assert reason(resolve(registry)) == f"rate limited by {HOST}"
    assert registry.lines == [f"HEAD {MANIFESTS}/1.0"] * 4


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_schema_1_is_refused_in_its_own_words(method: str) -> None:
    kind = "application/vnd.docker.distribution.manifest.v1+prettyjws"
    body = json.dumps({"schemaVersion": 1, "signatures": []}).encode()
    head = found(media_type=kind) if method == "HEAD" else httpx.Response(200)
    registry = head_then_get(head, sent(body, kind))
    assert "schema 1" in reason(resolve(registry))
    assert registry.requests[-1].method == method


def test_a_get_whose_digest_header_lies_is_refused() -> None:
    registry = head_then_get(httpx.Response(200), sent(digest=OTHER))
    assert "does not have the digest" in reason(resolve(registry))


def test_a_sha512_header_that_lies_is_refused_too() -> None:
    registry = head_then_get(httpx.Response(200), sent(digest=f"sha512:{'0' * 128}"))
    assert "does not have the digest" in reason(resolve(registry))


def test_a_true_sha512_header_gives_a_sha256_pin() -> None:
    digest = f"sha512:{hashlib.sha512(INDEX).hexdigest()}"
    registry = head_then_get(found(digest), sent(digest=digest))
    assert resolve(registry) == Resolved(INDEX_DIGEST, OCI_INDEX)


CONFUSED = [
    ({"mediaType": OCI_INDEX, "manifests": [], "layers": []}, OCI_INDEX),
    ({"mediaType": DOCKER_LIST, "manifests": [], "config": {}}, DOCKER_LIST),
    ({"mediaType": OCI_MANIFEST, "layers": [], "manifests": []}, OCI_MANIFEST),
    ({"mediaType": DOCKER_MANIFEST, "layers": []}, OCI_MANIFEST),
    ({"mediaType": OCI_INDEX}, OCI_INDEX),
    ({"mediaType": 7}, OCI_INDEX),
    ({}, ""),
    ({"layers": []}, "application/json"),
    ([], OCI_INDEX),
]


@pytest.mark.parametrize(("document", "kind"), CONFUSED)
def test_a_document_of_two_kinds_or_none_is_refused(document: object, kind: str) -> None:
    body = json.dumps(document).encode()
    registry = head_then_get(httpx.Response(200), sent(body, kind))
    assert reason(resolve(registry)).startswith("not an image manifest: ")


@pytest.mark.parametrize("body", [b"<html>", b"[" * 100_000, b'{"schemaVersion":' + b"9" * 5000])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    registry = head_then_get(httpx.Response(200), sent(body))
    assert "not JSON" in reason(resolve(registry))


def test_a_manifest_without_a_media_type_inside_has_that_of_the_header() -> None:
    body = b'{"schemaVersion":2,"layers":[],"config":{}}'
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    registry = head_then_get(httpx.Response(200), sent(body, OCI_MANIFEST))
    assert resolve(registry) == Resolved(digest, OCI_MANIFEST)


def test_a_404_tells_a_repository_from_a_tag_by_its_code() -> None:
    def missing(code: str) -> Recorder:
        return Recorder(lambda _: httpx.Response(404, json={"errors": [{"code": code}]}))

    assert reason(resolve(missing("MANIFEST_UNKNOWN"))) == f"no such tag on {HOST}"
    assert reason(resolve(missing("NAME_UNKNOWN"))) == f"no such repository on {HOST}"


@pytest.mark.parametrize("body", [b"", b"404 page not found", b'{"errors":3}', b'{"errors":[3]}'])
def test_a_404_may_have_any_body(body: bytes) -> None:
    assert reason(resolve(lambda _: httpx.Response(404, content=body))) == f"no such tag on {HOST}"


def test_a_403_says_that_both_are_possible() -> None:
    text = reason(resolve(lambda _: httpx.Response(403)))
    assert text == f"{HOST} needs a login for it, or it does not exist"


def test_other_statuses_are_named() -> None:
    assert "status 400" in reason(resolve(lambda _: httpx.Response(400)))
    assert "status 503" in reason(resolve(lambda _: httpx.Response(503)))


def test_a_digest_resolves_to_itself_while_it_is_there() -> None:
    registry = Recorder(lambda _: found())
    text = f"{HOST}/team/app:1.0@{INDEX_DIGEST}"
    assert resolve(registry, text) == Resolved(INDEX_DIGEST, OCI_INDEX)
    assert registry.lines == [f"HEAD {MANIFESTS}/{INDEX_DIGEST}"]
    gone = resolve(lambda _: httpx.Response(404), text)
    assert reason(gone) == f"no such digest on {HOST}"


def test_another_image_in_place_of_a_digest_is_refused() -> None:
    text = f"{HOST}/team/app@{OTHER}"
    assert "does not have the digest" in reason(resolve(lambda _: found(), text))
    get = head_then_get(httpx.Response(200), sent())
    assert "does not have the digest" in reason(resolve(get, text))


def test_redirects_of_a_get_are_followed_and_lose_the_login_elsewhere() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        on_registry = request.url.host == HOST and request.url.port is None
        if on_registry and "authorization" not in request.headers:
            return challenge("Basic realm=x")
        if request.url.path == "/same":
            return httpx.Response(302, headers={"Location": "https://cdn.example.net/blob?sig=1"})
        if request.url.host == "cdn.example.net" and request.url.path == "/blob":
            return httpx.Response(307, headers={"Location": f"https://{HOST}:8443/back"})
        if request.url.port == 8443:
            return sent()
        if request.method == "HEAD":
            return httpx.Response(302, headers={"Location": "https://never.example.org/"})
        return httpx.Response(301, headers={"Location": "/same"})

    registry = Recorder(handler)
    login = Login(username="u", password="p")
    assert resolve(registry, credentials=login) == Resolved(INDEX_DIGEST, OCI_INDEX)
    basic = "Basic dTpw"
    assert [r.headers.get("authorization") for r in registry.requests] == [
        None,
        basic,
        basic,
        basic,
        None,
        None,
    ]
    assert "GET https://cdn.example.net/blob" in registry.lines
    assert not any("never.example.org" in line for line in registry.lines)


def test_a_401_after_a_redirect_starts_no_login() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "cdn.example.net":
            return challenge("Basic realm=x")
        return httpx.Response(307, headers={"Location": "https://cdn.example.net/"})

    login = Login(username="u", password="p")
    assert "needs a login" in reason(resolve(handler, credentials=login))
    assert login.asked == []


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://cdn.example.net/", "from TLS to plain http"),
        ("https://u:p@cdn.example.net/", "not an address"),
        ("file:///etc/passwd", "not an address"),
        ("https://[bad/", "not an address"),
        ("", "not an address"),
        ("/again", "from place to place"),
    ],
)
def test_bad_redirects_are_not_followed(location: str, words: str) -> None:
    registry = Recorder(lambda _: httpx.Response(302, headers={"Location": location}))
    assert words in reason(resolve(registry))
    assert len(registry.requests) <= 1 + 1 + 5


def test_at_most_five_redirects_are_followed() -> None:
    def chain(length: int) -> Recorder:
        def handler(request: httpx.Request) -> httpx.Response:
            if request.method == "HEAD":
                return httpx.Response(405)
            hop = int(request.url.params.get("hop", "0"))
            if hop == length:
                return sent()
            return httpx.Response(302, headers={"Location": f"?hop={hop + 1}"})

        return Recorder(handler)

    assert resolve(chain(5)) == Resolved(INDEX_DIGEST, OCI_INDEX)
    assert "place to place" in reason(resolve(chain(6)))


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "2852039166", "0xa9fea9fe"]
)
def test_metadata_addresses_are_never_asked(host: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host == HOST
        return httpx.Response(302, headers={"Location": f"https://{host}/latest/meta-data"})

    assert "must not be asked" in reason(resolve(handler))


def test_a_name_is_looked_up_once_and_the_checked_address_is_connected_to() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == HOST:
            return httpx.Response(302, headers={"Location": "https://cdn.example.net:8443/x"})
        assert request.url.host == "192.0.2.7"
        assert request.headers["host"] == "cdn.example.net:8443"
        assert request.extensions["sni_hostname"] == "cdn.example.net"
        return sent()

    async def lookup(host: str, port: int) -> list[str]:
        assert (host, port) == ("cdn.example.net", 8443)
        return ["192.0.2.7"]

    outcome = resolver(handler, lookup=lookup).resolve([reference(APP)])[APP]
    assert outcome == Resolved(INDEX_DIGEST, OCI_INDEX)


@pytest.mark.parametrize("text", ["169.254.169.254/a:1", "[fe80::1]:5000/a:1", "1.0xa9fea9fe/a:1"])
def test_a_reference_to_a_metadata_address_is_not_asked(text: str) -> None:
    registry = Recorder(lambda _: found())
    assert "must not be asked" in reason(resolve(registry, text))
    assert registry.requests == []


@pytest.mark.parametrize("addresses", [["169.254.169.254"], ["192.0.2.7", "fd00:ec2::254"], []])
def test_a_name_that_leads_to_a_metadata_address_is_not_asked(addresses: list[str]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host == HOST
        return httpx.Response(302, headers={"Location": "https://cdn.example.net/x"})

    async def lookup(host: str, port: int) -> list[str]:
        return addresses

    outcome = resolver(handler, lookup=lookup).resolve([reference(APP)])[APP]
    assert "must not be asked" in reason(outcome)
