import httpx
import pytest

from boltseal.resolve.options import MirrorUse
from boltseal.resolve.outcome import Resolved
from boltseal.resolve.registry import RegistryResolver
from boltseal.resolve.routing import Mirror, Namespace, Pull
from boltseal.resolve.target import Target
from tests.resolve.mockregistry import (
    APP,
    HOST,
    INDEX_DIGEST,
    QUICK,
    Login,
    NoCredentials,
    Recorder,
    found,
    reason,
    reference,
    resolver,
)

CONF = (Namespace(HOST, "registries.conf", HOST, mirrors=(Mirror("mirror.example.net"),)),)


@pytest.mark.parametrize(
    ("use", "down", "hosts"),
    [
        ("origin", False, [HOST]),
        ("origin", True, [HOST]),
        ("fallback", False, [HOST]),
        ("fallback", True, [HOST, "mirror.example.net"]),
        ("first", False, ["mirror.example.net"]),
    ],
)
def test_a_tag_is_asked_of_a_mirror_as_the_user_says(
    use: str, down: bool, hosts: list[str]
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if down and request.url.host == HOST:
            raise httpx.ConnectError("x")
        return found()

    registry = Recorder(handler)
    options = QUICK._replace(namespaces=CONF, mirrors=MirrorUse(use), retries=0)
    asked = resolver(registry, options=options)
    outcome = asked.resolve([reference(APP)])[APP]
    assert [request.url.host for request in registry.requests] == hosts
    assert isinstance(outcome, Resolved) is not (use == "origin" and down)
    assert any("may be behind" in text for text in asked.warnings) is (hosts[-1] != HOST)


def test_a_digest_is_asked_of_a_mirror_where_its_origin_cannot_be_reached() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == HOST:
            raise httpx.ConnectError("x")
        return found()

    text = f"{HOST}/team/app@{INDEX_DIGEST}"
    asked = resolver(handler, options=QUICK._replace(namespaces=CONF, retries=0))
    assert isinstance(asked.resolve([reference(text)])[text], Resolved)
    assert asked.warnings == ()


@pytest.mark.parametrize(
    ("pull", "host"), [(Pull.DIGEST_ONLY, HOST), (Pull.TAG_ONLY, "mirror.example.net")]
)
def test_a_sealed_tag_that_is_asked_anew_is_asked_of_mirrors_for_tags(
    pull: Pull, host: str
) -> None:
    registry = Recorder(lambda _: found())
    space = Namespace(HOST, "registries.conf", mirrors=(Mirror("mirror.example.net", pull=pull),))
    RegistryResolver(
        QUICK._replace(namespaces=(space,), mirrors=MirrorUse.FIRST),
        Target(update=True),
        transport=httpx.MockTransport(registry),
        credentials=NoCredentials(),
    ).resolve([reference(f"{APP}@{INDEX_DIGEST}")])
    assert [request.url.host for request in registry.requests] == [host]


def test_a_mirror_that_fails_is_noted_beside_the_outcome_of_the_origin() -> None:
    options = QUICK._replace(namespaces=CONF, mirrors=MirrorUse.FIRST)
    outcome = resolver(lambda _: httpx.Response(404), options=options).resolve([reference(APP)])[
        APP
    ]
    assert reason(outcome) == f"no such tag on {HOST}"
    assert "no such tag on mirror.example.net" in outcome[1]


def test_a_mirror_gets_its_own_login() -> None:
    login = Login(username="u", password="p")

    def handler(request: httpx.Request) -> httpx.Response:
        known = "authorization" in request.headers
        return found() if known else httpx.Response(401, headers={"WWW-Authenticate": "Basic"})

    options = QUICK._replace(namespaces=CONF, mirrors=MirrorUse.FIRST)
    resolver(handler, login, options).resolve([reference(APP)])
    assert login.asked == [("mirror.example.net", "team/app")]
