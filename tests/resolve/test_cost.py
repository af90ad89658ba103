"""What references cost in requests: as little as a client can know to ask."""

import asyncio
from collections import Counter
from urllib.parse import parse_qs

import httpx
import pytest

from boltseal.resolve.outcome import Resolved
from tests.resolve.mockregistry import (
    QUICK,
    Login,
    Recorder,
    challenge,
    found,
    reason,
    reference,
    resolve_all,
    resolver,
)

OPEN = ("one.example.com", "two.example.com", "three.example.com")
CLOSED = ("four.example.com", "five.example.com")
TOKENS = "auth.example.com"
BASIC = "Basic dTpw"


def handler(request: httpx.Request) -> httpx.Response:
    """Registries of which some ask for a token, good for one repository."""
    if request.url.host == TOKENS:
        query = parse_qs(request.url.query.decode())
        return httpx.Response(200, json={"token": f"{query['service'][0]}:{query['scope'][0]}"})
    repository = request.url.path.removeprefix("/v2/").partition("/manifests/")[0]
    scope = f"repository:{repository}:pull"
    wanted = f"Bearer {request.url.host}:{scope}"
    if request.url.host in OPEN or request.headers.get("authorization") == wanted:
        return found()
    realm = f"https://{TOKENS}/token"
    return challenge(f'Bearer realm="{realm}",service="{request.url.host}",scope="{scope}"')


def names(hosts: tuple[str, ...]) -> list[str]:
    """Sixty references for each host, over forty repositories."""
    one = [f"{host}/team/one{number}:1" for host in hosts for number in range(30)]
    some = [f"{host}/team/some{number // 3}:{number}" for host in hosts for number in range(30)]
    return one + some


def test_where_no_login_is_needed_each_unique_reference_costs_one_head() -> None:
    hosts = tuple(f"r{number}.example.com" for number in range(5))
    registry = Recorder(lambda _: found())
    texts = names(hosts)
    outcomes = resolve_all(registry, texts * 2)
    assert len(outcomes) == 300
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert len(registry.lines) == len(set(registry.lines)) == 300
    assert all(line.startswith("HEAD ") for line in registry.lines)


def test_each_repository_costs_one_token_and_each_registry_one_refusal() -> None:
    registry = Recorder(handler)
    texts = names(OPEN + CLOSED)
    outcomes = resolve_all(registry, texts * 2)
    assert len(outcomes) == 300
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    asked = Counter((request.method, request.url.host == TOKENS) for request in registry.requests)
    assert asked == {("HEAD", False): 300 + len(CLOSED), ("GET", True): 40 * len(CLOSED)}
    tokens = [str(request.url) for request in registry.requests if request.url.host == TOKENS]
    assert len(tokens) == len(set(tokens))
    refused = [
        r for r in registry.requests if r.url.host in CLOSED and "authorization" not in r.headers
    ]
    assert sorted(request.url.host for request in refused) == sorted(CLOSED)


def test_a_password_is_brought_along_once_it_has_proved_good() -> None:
    def ask(request: httpx.Request) -> httpx.Response:
        ok = request.headers.get("authorization") == BASIC
        return found() if ok else challenge("Basic realm=x")

    registry = Recorder(ask)
    outcomes = resolve_all(registry, names(CLOSED[:1]), Login(username="u", password="p"))
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert registry.authorizations(CLOSED[0]) == ["", *[BASIC] * 60]


def test_a_public_repository_needs_no_token_that_its_neighbour_needs() -> None:
    def ask(request: httpx.Request) -> httpx.Response:
        if request.url.host == TOKENS:
            private = "private" in str(request.url)
            return httpx.Response(200, json={"token": "good"}) if private else httpx.Response(403)
        if "public" in request.url.path or "authorization" in request.headers:
            return found()
        return challenge(f'Bearer realm="https://{TOKENS}/token",service="x"')

    texts = ["four.example.com/private:1"]
    texts += [f"four.example.com/public{number}:1" for number in range(20)]
    outcomes = resolve_all(Recorder(ask), texts, options=QUICK._replace(concurrency=1))
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())


def test_once_something_was_public_nobody_logs_in_before_being_asked() -> None:
    def ask(request: httpx.Request) -> httpx.Response:
        if request.url.host == TOKENS:
            return httpx.Response(200, json={"token": "good"})
        if "public" in request.url.path or "authorization" in request.headers:
            return found()
        return challenge(f'Bearer realm="https://{TOKENS}/token",service="x"')

    registry = Recorder(ask)
    texts = ["four.example.com/public:1", "four.example.com/private:1"]
    texts += [f"four.example.com/public{number}:1" for number in range(20)]
    outcomes = resolve_all(registry, texts, options=QUICK._replace(concurrency=1))
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert len(registry.authorizations(TOKENS)) == 1


@pytest.mark.parametrize("refusal", [401, 403, 404])
def test_a_repository_with_a_token_service_of_its_own_is_asked_there(refusal: int) -> None:
    def ask(request: httpx.Request) -> httpx.Response:
        key = request.url.path.split("/")[2]
        if "token" in request.url.path:
            right = f"repository:{key}/" in parse_qs(request.url.query.decode())["scope"][0]
            return httpx.Response(200, json={"token": key}) if right else httpx.Response(refusal)
        if request.headers.get("authorization") == f"Bearer {key}":
            return found()
        return challenge(f'Bearer realm="https://four.example.com/api/{key}/token"')

    texts = [f"four.example.com/key{number}/app:1" for number in range(5)]
    outcomes = resolve_all(Recorder(ask), texts, options=QUICK._replace(concurrency=1))
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())


def test_a_token_that_does_not_open_is_asked_for_anew_once() -> None:
    tokens = iter(range(100))

    def ask(request: httpx.Request) -> httpx.Response:
        if request.url.host == TOKENS:
            return httpx.Response(200, json={"token": f"t{next(tokens)}"})
        # The second repository takes the token of its own challenge only.
        wanted = "Bearer t0" if "first" in request.url.path else "Bearer t2"
        if request.headers.get("authorization") == wanted:
            return found()
        return challenge(f'Bearer realm="https://{TOKENS}/token"')

    registry = Recorder(ask)
    texts = ["four.example.com/first:1", "four.example.com/second:1"]
    outcomes = resolve_all(registry, texts, options=QUICK._replace(concurrency=1))
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert registry.authorizations("four.example.com") == [
        *("", "Bearer t0"),
        *("Bearer t1", "", "Bearer t2"),
    ]


def test_a_token_refused_to_one_repository_leaves_the_login_to_the_others() -> None:
    def ask(request: httpx.Request) -> httpx.Response:
        if request.url.host == TOKENS:
            missing = "missing" in str(request.url)
            return httpx.Response(403) if missing else httpx.Response(200, json={"token": "good"})
        if "authorization" in request.headers:
            return found()
        return challenge(f'Bearer realm="https://{TOKENS}/token"')

    login = Login(username="u", password="p")
    texts = [f"four.example.com/{name}:1" for name in ("first", "missing", "third", "fourth")]
    one = resolver(ask, login, QUICK._replace(concurrency=1))
    outcomes = one.resolve([reference(text) for text in texts])
    refused = [text for text in texts if not isinstance(outcomes[text], Resolved)]
    assert refused == ["four.example.com/missing:1"]
    assert "refused the login" in reason(outcomes[refused[0]])


def test_without_a_login_nobody_waits_for_the_token_of_the_first() -> None:
    others = asyncio.Event()

    async def ask(request: httpx.Request) -> httpx.Response:
        if request.url.host == TOKENS:
            if "first" in str(request.url):
                await others.wait()
            else:
                others.set()
            return httpx.Response(200, json={"token": "good"})
        if "authorization" in request.headers:
            return found()
        return challenge(f'Bearer realm="https://{TOKENS}/token"')

    heads: list[httpx.Request] = []

    async def counted(request: httpx.Request) -> httpx.Response:
        heads.extend([request] if request.method == "HEAD" else [])
        return await ask(request)

    texts = [f"four.example.com/{name}:1" for name in ("first", "second", "third")]
    outcomes = resolve_all(counted, texts)
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert len(heads) == 1 + 3
