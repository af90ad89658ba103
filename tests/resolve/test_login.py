import asyncio
from urllib.parse import parse_qs

import httpx
import pytest

from boltseal.resolve.challenge import Challenge
from boltseal.resolve.credential import Credential
from boltseal.resolve.endpoint import Origin
from boltseal.resolve.exchange import Answer, Request
from boltseal.resolve.login import Grant, Place, log_in
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.resolve.registry import RegistryOptions
from tests.resolve.mockregistry import (
    HOST,
    QUICK,
    Login,
    Recorder,
    challenge,
    found,
    reason,
    resolve,
    resolve_all,
)

REALM = "https://auth.example.com/token"
BEARER = f'Bearer realm="{REALM}",service="{HOST}",scope="everything"'
SECRET = "hunter2-secret"


def token_registry(
    token: httpx.Response | None = None, realm: str = REALM, registry: str = HOST
) -> Recorder:
    """A registry that opens for the token ``good`` of its token service."""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host != registry or request.url.path == "/token":
            return token or httpx.Response(200, json={"token": "good"})
        if request.headers.get("authorization") == "Bearer good":
            return found()
        return challenge(f'Bearer realm="{realm}",service="{registry}"')

    return Recorder(handler)


def is_resolved(outcome: Outcome) -> bool:
    return isinstance(outcome, Resolved)


def test_a_token_is_asked_for_with_the_service_and_the_least_scope() -> None:
    registry = token_registry()
    assert is_resolved(resolve(registry))
    request = registry.requests[1]
    assert request.method == "GET"
    query = parse_qs(request.url.query.decode())
    assert query == {"service": [HOST], "scope": ["repository:team/app:pull"]}
    assert "authorization" not in request.headers


def test_either_name_of_the_token_is_read() -> None:
    assert is_resolved(resolve(token_registry(httpx.Response(200, json={"access_token": "good"}))))


def test_parameters_of_the_realm_are_kept() -> None:
    registry = token_registry(realm=f"{REALM}?tenant=7#part")
    assert is_resolved(resolve(registry))
    query = parse_qs(registry.requests[1].url.query.decode())
    assert query["tenant"] == ["7"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"token": ""},
        {"token": 7},
        {"token": "with space"},
        {"token": "line\r\nbreak"},
        {"token": "\u00e9"},
    ],
)
def test_a_token_that_cannot_be_sent_is_refused(answer: object) -> None:
    outcome = resolve(token_registry(httpx.Response(200, json=answer)))
    assert reason(outcome) == "the token service auth.example.com gave no usable token"


def test_a_token_answer_is_bounded() -> None:
    outcome = resolve(token_registry(httpx.Response(200, content=b" " * (64 * 1024 + 1))))
    assert "more than" in reason(outcome)


@pytest.mark.parametrize("lifetime", [0.001, -1, True, "60", 1e999, None])
def test_odd_lifetimes_do_no_harm(lifetime: object) -> None:
    content = f'{{"token":"good","expires_in":{lifetime if lifetime != 1e999 else "1e999"}}}'
    content = content.replace("True", "true").replace("None", "null")
    if lifetime == "60":
        content = '{"token":"good","expires_in":"60"}'
    assert is_resolved(resolve(token_registry(httpx.Response(200, content=content))))


def test_the_login_goes_to_a_token_service_below_the_same_parent_domain() -> None:
    registry = token_registry()
    assert is_resolved(resolve(registry, credentials=Login(username="u", password="p")))
    assert registry.authorizations("auth.example.com") == ["Basic dTpw"]


def test_the_login_of_docker_hub_goes_to_its_token_service() -> None:
    registry = token_registry(realm="https://auth.docker.io/token", registry="registry-1.docker.io")
    login = Login(username="u", password="p")
    assert is_resolved(resolve(registry, "nginx", credentials=login))
    assert registry.authorizations("auth.docker.io") == ["Basic dTpw"]
    assert login.asked == [("docker.io", "library/nginx")]


def test_a_strange_token_service_is_asked_anonymously() -> None:
    registry = token_registry(realm="https://auth.example.net/token")
    assert is_resolved(resolve(registry, credentials=Login(username="u", password="p")))
    assert registry.authorizations("auth.example.net") == [""]


def test_a_login_that_was_held_back_is_named_when_it_is_missed() -> None:
    registry = token_registry(httpx.Response(401), realm="https://auth.example.net/token")
    outcome = resolve(registry, credentials=Login(username="u", password="p"))
    assert "needs a login" in reason(outcome)
    assert "the login from the test's file is not sent to auth.example.net" in outcome[1]


@pytest.mark.parametrize(
    "realm",
    [
        "http://auth.example.com/token",
        "https://u:p@auth.example.com/token",
        "file:///token",
        "/token",
        "",
        "https://[x/",
    ],
)
def test_a_bad_realm_is_not_asked(realm: str) -> None:
    registry = token_registry(realm=realm)
    assert "must not go" in reason(resolve(registry))
    assert len(registry.requests) == 1


def test_a_realm_in_plain_http_is_for_registries_in_plain_http() -> None:
    registry = token_registry(realm="http://auth.example.com/token")
    options = QUICK._replace(plain_http=frozenset({HOST}))
    assert is_resolved(resolve(registry, options=options))
    assert registry.lines[0].startswith("HEAD http://")


@pytest.mark.parametrize("host", ["169.254.169.254", "2852039166"])
def test_a_realm_on_a_metadata_address_is_not_asked(host: str) -> None:
    registry = token_registry(realm=f"https://{host}/token")
    assert "must not be asked" in reason(resolve(registry))
    assert len(registry.requests) == 1


def test_a_token_service_that_redirects_is_not_followed() -> None:
    answer = httpx.Response(302, headers={"Location": "https://evil.example.org/"})
    registry = token_registry(answer)
    assert "status 302" in reason(resolve(registry, credentials=Login(username="u", password="p")))
    assert registry.authorizations("evil.example.org") == []


def test_an_identity_token_is_exchanged_by_post() -> None:
    registry = token_registry()
    assert is_resolved(resolve(registry, credentials=Login(identity_token=SECRET)))
    request = registry.requests[1]
    assert request.method == "POST"
    form = parse_qs(request.content.decode())
    assert form["grant_type"] == ["refresh_token"]
    assert form["refresh_token"] == [SECRET]
    assert form["scope"] == ["repository:team/app:pull"]
    assert SECRET not in str(request.url)


def test_an_identity_token_is_sent_as_a_login_where_post_is_unknown() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(404)
        if request.url.host == "auth.example.com":
            return httpx.Response(200, json={"token": "good"})
        return found() if "authorization" in request.headers else challenge(BEARER)

    registry = Recorder(handler)
    assert is_resolved(resolve(registry, credentials=Login(identity_token="x")))
    assert registry.authorizations("auth.example.com") == ["", "Basic PHRva2VuPjp4"]


def test_a_registry_token_is_sent_as_it_is() -> None:
    registry = token_registry()
    assert is_resolved(resolve(registry, credentials=Login(registry_token="good")))
    assert registry.authorizations("auth.example.com") == []


def test_basic_is_answered_with_the_login() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        ok = request.headers.get("authorization") == "Basic dTpw"
        return found() if ok else challenge('Basic realm="x"')

    assert is_resolved(resolve(handler, credentials=Login(username="u", password="p")))
    assert "needs a login" in reason(resolve(handler))


def test_bearer_is_preferred_and_unknown_schemes_are_passed_over() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.example.com":
            return httpx.Response(200, json={"token": "good"})
        ok = request.headers.get("authorization") == "Bearer good"
        return found() if ok else challenge("Negotiate, Basic realm=x", BEARER)

    assert is_resolved(resolve(handler, credentials=Login(username="u", password="p")))


def test_a_login_of_an_unknown_kind_is_named() -> None:
    outcome = resolve(lambda _: challenge("Negotiate", "Digest realm=x"))
    assert "kind of login" in reason(outcome)
    assert "digest, negotiate" in outcome[1]


def test_public_images_need_no_credentials_at_all() -> None:
    login = Login(username="u", password="p")
    assert is_resolved(resolve(lambda _: found(), credentials=login))
    assert login.asked == []


def test_a_wrong_password_is_tried_once_for_all_tags_of_a_repository() -> None:
    registry = Recorder(lambda _: challenge("Basic realm=x"))
    login = Login(username="u", password=SECRET)
    texts = [f"{HOST}/team/app:{number}" for number in range(5)]
    options = QUICK._replace(concurrency=1)
    outcomes = resolve_all(registry, texts, login, options)
    for outcome in outcomes.values():
        assert reason(outcome) == f"{HOST} refused the login from the test's file"
    assert len([value for value in registry.authorizations(HOST) if value]) == 1


def test_a_token_service_is_asked_once_with_a_wrong_password() -> None:
    registry = token_registry(httpx.Response(401))
    login = Login(username="u", password=SECRET)
    texts = [f"{HOST}/team/app{number}:1" for number in range(20)]
    for outcome in resolve_all(registry, texts, login).values():
        assert reason(outcome) == f"{HOST} refused the login from the test's file"
    assert len(registry.authorizations("auth.example.com")) == 1


def test_a_token_is_asked_for_once_for_all_tags_of_a_repository() -> None:
    registry = token_registry()
    texts = [f"{HOST}/team/app:{number}" for number in range(50)]
    outcomes = resolve_all(registry, texts)
    assert all(map(is_resolved, outcomes.values()))
    assert len(registry.authorizations("auth.example.com")) == 1


def test_each_repository_has_a_token_of_its_own() -> None:
    registry = token_registry()
    resolve_all(registry, [f"{HOST}/team/app{number}:1" for number in range(3)])
    assert len(registry.authorizations("auth.example.com")) == 3


def test_a_token_that_ends_is_replaced() -> None:
    tokens = iter(range(100))
    valid: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.example.com":
            valid[:] = [f"Bearer t{next(tokens)}"]
            return httpx.Response(200, json={"token": valid[0].removeprefix("Bearer ")})
        if request.headers.get("authorization") not in valid:
            return challenge(BEARER)
        valid.clear()  # Every token is good for one request.
        return found()

    registry = Recorder(handler)
    texts = [f"{HOST}/team/app:{number}" for number in range(3)]
    outcomes = resolve_all(registry, texts, options=RegistryOptions(concurrency=1))
    assert all(map(is_resolved, outcomes.values()))
    assert len(registry.authorizations("auth.example.com")) == 3


def test_a_token_that_opens_nothing_is_tried_with_head_and_get_and_no_more() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.example.com":
            return httpx.Response(200, json={"token": "bad"})
        return challenge(BEARER)

    registry = Recorder(handler)
    outcome = resolve(registry, credentials=Login(username="u", password=SECRET))
    assert "needs a login" in reason(outcome)
    assert "the login in use is from the test's file" in outcome[1]
    assert [line.split()[0] for line in registry.lines] == ["HEAD", "GET", "HEAD", "GET"]


@pytest.mark.parametrize("status", [401, 403])
def test_an_anonymous_token_that_is_refused_means_login_or_missing(status: int) -> None:
    assert "needs a login" in reason(resolve(token_registry(httpx.Response(status))))


def test_a_token_service_that_limits_is_named() -> None:
    answer = httpx.Response(429, headers={"Retry-After": "3600"})
    assert reason(resolve(token_registry(answer))) == "rate limited by auth.example.com"


def test_no_secret_is_in_any_repr() -> None:
    credential = Credential("a file", "u", SECRET, SECRET, SECRET)
    grant = Grant(f"Bearer {SECRET}", 1.0, ())
    assert SECRET not in f"{credential!r} {credential} {grant!r} {grant}"


def test_no_secret_is_in_any_message() -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        told = request.headers.get("authorization", "") + request.content.decode()
        headers = {"WWW-Authenticate": "Basic realm=x", "Warning": told, "X-Y": told}
        return httpx.Response(401, headers=headers, content=told)

    login = Login(username="u", password=SECRET)
    outcome = resolve(echo, credentials=login)
    assert SECRET not in str(outcome)
    assert "dTpo" not in str(outcome)


def test_a_password_that_no_header_can_hold_is_encoded() -> None:
    registry = token_registry()
    assert is_resolved(resolve(registry, credentials=Login(username="u", password="p\r\nX: y")))


def test_a_token_service_that_the_user_allows_is_sent_the_login() -> None:
    asked: list[Request] = []

    async def ask(request: Request) -> Answer:
        asked.append(request)
        return Answer(200, (), b'{"token":"good"}')

    origin = Origin("https", HOST, 443)
    place = Place(HOST, origin, "team/app", frozenset({"login.example.net"}))
    offered = [Challenge("bearer", {"realm": "https://login.example.net/token"})]
    credential = Credential("a file", "u", "p")
    assert isinstance(asyncio.run(log_in(place, offered, credential, ask)), Grant)
    assert asked[0].headers == {"Authorization": "Basic dTpw"}
    assert asked[0].pointed_by == f"https://{HOST}:443"
