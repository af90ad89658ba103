import pytest

from boltseal.resolve.endpoint import (
    Origin,
    is_forbidden,
    may_have_login,
    origin_of,
    registry_origin,
)


@pytest.mark.parametrize(
    ("registry", "url"),
    [
        ("docker.io", "https://registry-1.docker.io:443"),
        ("registry.example.com", "https://registry.example.com:443"),
        ("Registry.Example.com:5000", "https://registry.example.com:5000"),
        ("localhost:5000", "http://localhost:5000"),
        ("127.9.9.9:5000", "http://127.9.9.9:5000"),
        ("[::1]:5000", "http://[::1]:5000"),
        ("[2001:db8::1]:5000", "https://[2001:db8::1]:5000"),
        ("10.0.0.1:5000", "https://10.0.0.1:5000"),
        ("localhost.example.com", "https://localhost.example.com:443"),
        ("lab.example.com:5000", "http://lab.example.com:5000"),
    ],
)
def test_only_loopback_and_listed_hosts_are_asked_without_tls(registry: str, url: str) -> None:
    assert registry_origin(registry, frozenset({"lab.example.com:5000"})).url == url


@pytest.mark.parametrize(
    "url", ["", "/x", "ftp://a/", "https://", "https://u@a/", "https://a:99999/", "https://[a/"]
)
def test_an_address_that_is_none_has_no_origin(url: str) -> None:
    assert origin_of(url) is None


def test_origins_have_their_port_filled_in() -> None:
    assert origin_of("https://A.example.com/x") == Origin("https", "a.example.com", 443)
    assert origin_of("http://a.example.com:80/") == Origin("http", "a.example.com", 80)


@pytest.mark.parametrize(
    ("registry", "realm", "trusted"),
    [
        ("registry.example.com", "registry.example.com", True),
        ("registry.example.com", "auth.example.com", True),
        ("registry.example.com", "example.com", True),
        ("example.com", "auth.example.com", True),
        ("registry.example.com", "registry.example.net", False),
        ("registry.example.com", "example.com.evil.example.net", False),
        ("registry.example.com", "evilexample.com", False),
        ("example.com", "other.com", False),
        ("registry.co.uk", "evil.co.uk", False),
        ("registry-1.docker.io", "auth.docker.io", True),
        ("registry.example.com", "auth.docker.io", False),
        ("10.1.0.1", "10.2.0.1", False),
        ("10.1.0.1", "10.1.0.1", True),
        ("localhost", "auth.localhost", True),
        ("localhost", "evil", False),
    ],
)
def test_a_login_stays_with_its_owner(registry: str, realm: str, trusted: bool) -> None:
    assert may_have_login(Origin("https", registry, 443), Origin("https", realm, 1)) is trusted


@pytest.mark.parametrize(
    ("address", "forbidden"),
    [
        ("169.254.169.254", True),
        ("::ffff:169.254.169.254", True),
        ("64:ff9b::a9fe:a9fe", True),
        ("2002:a9fe:a9fe::1", True),
        ("fe80::1%eth0", True),
        ("fd00:ec2::254", True),
        ("100.100.100.200", True),
        ("0.0.0.0", True),
        ("::", True),
        ("not an address", True),
        ("192.0.2.1", False),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
        ("::ffff:192.0.2.1", False),
    ],
)
def test_metadata_addresses_are_forbidden_in_every_spelling(address: str, forbidden: bool) -> None:
    assert is_forbidden(address) is forbidden
