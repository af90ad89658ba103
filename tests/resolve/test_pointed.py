"""What a registry points at: whose addresses may be reached because it said so."""

from typing import NamedTuple

import httpx
import pytest

from boltseal.resolve.manifest import OCI_INDEX
from boltseal.resolve.outcome import Outcome, Resolved
from tests.resolve.mockregistry import (
    APP,
    HOST,
    INDEX_DIGEST,
    QUICK,
    challenge,
    found,
    reason,
    reference,
    resolver,
    sent,
)

OUTSIDE, INSIDE, LOOPBACK = "192.0.2.1", "10.0.0.1", "127.0.0.1"
METADATA = "169.254.169.254"
OTHER = "other.example.net"


class Stream(NamedTuple):
    """A connection, as far as its other end goes."""

    address: str

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        return (self.address, 443) if name == "server_addr" else None


def pointing(host: str, *, realm: bool) -> httpx.Response:
    """The answer of a registry that sends its clients to another host."""
    if realm:
        return challenge(f'Bearer realm="https://{host}/token",service="x"')
    return httpx.Response(307, headers={"Location": f"https://{host}/blob"})


class Network:
    """A registry at an address, whose clients are sent to ``host``, and all other hosts."""

    def __init__(self, registry: str, host: str, *, realm: bool, leads_to: list[str]) -> None:
        self._own = registry
        self._host = host
        self._realm = realm
        self._leads_to = leads_to
        self.reached: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == HOST:
            if request.headers.get("authorization") == "Bearer good":
                return found()
            answer = pointing(self._host, realm=self._realm)
            return httpx.Response(
                answer.status_code,
                headers=answer.headers,
                extensions={"network_stream": Stream(self._own)},
            )
        self.reached.append(request.url.host)
        return httpx.Response(200, json={"token": "good"}) if self._realm else sent()

    async def lookup(self, host: str, port: int) -> list[str]:
        assert (host, port) == (OTHER, 443)
        return self._leads_to

    def outcome(self) -> Outcome:
        return resolver(self, lookup=self.lookup, options=QUICK).resolve([reference(APP)])[APP]


@pytest.fixture(params=[True, False], ids=["realm", "redirect"])
def realm(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    "address",
    [
        INSIDE,
        LOOPBACK,
        "192.168.1.1",
        "172.20.0.1",
        "100.64.0.1",
        "fd00::1",
        "::1",
        "::ffff:10.0.0.1",
    ],
)
@pytest.mark.parametrize("first", [[], [OUTSIDE]], ids=["alone", "among others"])
def test_a_registry_outside_does_not_lead_inside(
    realm: bool, address: str, first: list[str]
) -> None:
    network = Network(OUTSIDE, OTHER, realm=realm, leads_to=[*first, address])
    assert reason(network.outcome()) == (
        f"{OTHER} is inside a private network, and a registry outside points at it"
    )
    assert network.reached == []


@pytest.mark.parametrize("own", [INSIDE, LOOPBACK, "::1", "fd00::1", "100.64.0.9"])
@pytest.mark.parametrize("address", [INSIDE, LOOPBACK, "fd00::1", OUTSIDE])
def test_a_registry_inside_leads_where_it_likes(realm: bool, own: str, address: str) -> None:
    network = Network(own, OTHER, realm=realm, leads_to=[address])
    assert network.outcome() == Resolved(INDEX_DIGEST, OCI_INDEX)
    assert network.reached == [address]


@pytest.mark.parametrize("own", [OUTSIDE, INSIDE, LOOPBACK])
@pytest.mark.parametrize("address", [METADATA, "fd00:ec2::254", "224.0.0.1", "0.0.0.0", "fe80::1"])
def test_no_registry_leads_to_a_forbidden_address(realm: bool, own: str, address: str) -> None:
    network = Network(own, OTHER, realm=realm, leads_to=[INSIDE, address])
    assert reason(network.outcome()) == f"{OTHER} is an address that must not be asked"
    assert network.reached == []


@pytest.mark.parametrize("host", ["10.0.0.1", "127.0.0.1", "[::1]", "[fd00::1]", "[::ffff:7f00:1]"])
def test_an_address_in_place_of_a_name_is_held_to_the_same(realm: bool, host: str) -> None:
    outside = Network(OUTSIDE, host, realm=realm, leads_to=[])
    assert "is inside a private network" in reason(outside.outcome())
    assert outside.reached == []
    inside = Network(INSIDE, host, realm=realm, leads_to=[])
    assert inside.outcome() == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_where_the_registrys_own_address_is_not_known_it_counts_as_outside(realm: bool) -> None:
    network = Network("", OTHER, realm=realm, leads_to=[INSIDE])
    assert "is inside a private network" in reason(network.outcome())


def test_another_port_of_the_registrys_host_is_looked_up_anew(realm: bool) -> None:
    asked: list[tuple[str, int]] = []

    class Rebinding(Network):
        async def lookup(self, host: str, port: int) -> list[str]:
            asked.append((host, port))
            return [LOOPBACK]

    network = Rebinding(OUTSIDE, f"{HOST}:8443", realm=realm, leads_to=[])
    assert f"{HOST}:8443 is inside a private network" in reason(network.outcome())
    assert asked == [(HOST, 8443)]


def test_the_registry_itself_is_not_looked_up_again() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"token": "good"})
        opened = request.headers.get("authorization") == "Bearer good"
        return found() if opened else challenge(f'Bearer realm="https://{HOST}/token"')

    async def lookup(host: str, port: int) -> list[str]:
        pytest.fail(f"looked up {host}")

    outcome = resolver(handler, lookup=lookup).resolve([reference(APP)])[APP]
    assert outcome == Resolved(INDEX_DIGEST, OCI_INDEX)


def test_a_host_outside_that_a_registry_inside_leads_to_leads_nowhere_inside() -> None:
    addresses = {"cdn.example.net": OUTSIDE, "db.example.net": INSIDE}

    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host != INSIDE
        own = INSIDE if request.url.host == HOST else OUTSIDE
        target = "cdn.example.net" if request.url.host == HOST else "db.example.net"
        headers = {"Location": f"https://{target}/"}
        stream = {"network_stream": Stream(own)}
        return httpx.Response(302, headers=headers, extensions=stream)

    async def lookup(host: str, port: int) -> list[str]:
        return [addresses[host]]

    outcome = resolver(handler, lookup=lookup).resolve([reference(APP)])[APP]
    assert reason(outcome).startswith("db.example.net is inside a private network")


def test_behind_a_proxy_names_are_not_looked_up(
    monkeypatch: pytest.MonkeyPatch, realm: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    network = Network(INSIDE, OTHER, realm=realm, leads_to=[])
    assert network.outcome() == Resolved(INDEX_DIGEST, OCI_INDEX)
    assert network.reached == [OTHER]


def test_behind_a_proxy_the_peer_says_nothing_of_the_registry(
    monkeypatch: pytest.MonkeyPatch, realm: bool
) -> None:
    """The proxy is inside; the registry behind it is not."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    network = Network(INSIDE, "10.0.0.7", realm=realm, leads_to=[])
    assert "10.0.0.7 is inside a private network" in reason(network.outcome())
    assert network.reached == []


def test_a_host_that_is_exempt_from_the_proxy_is_checked(
    monkeypatch: pytest.MonkeyPatch, realm: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", OTHER)
    network = Network(OUTSIDE, OTHER, realm=realm, leads_to=[INSIDE])
    assert "is inside a private network" in reason(network.outcome())


def test_a_host_that_sends_on_to_itself_is_looked_up_and_checked_again() -> None:
    addresses = iter([[OUTSIDE], [METADATA]])
    reached = []

    async def lookup(host: str, port: int) -> list[str]:
        return next(addresses)

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == HOST:
            return pointing(OTHER, realm=False)
        reached.append(request.url.host)
        return sent() if len(reached) > 1 else httpx.Response(307, headers={"Location": "/next"})

    outcome = resolver(handler, lookup=lookup).resolve([reference(APP)])[APP]
    assert reason(outcome)
    assert reached == [OUTSIDE]
