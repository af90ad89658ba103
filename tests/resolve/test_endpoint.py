import pytest

from boltseal.resolve.endpoint import Origin, may_have_login, origin_of, registry_origin


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
    "url",
    [
        "",
        "/x",
        "ftp://a/",
        "https://",
        "https://u@a/",
        "https://@a/",
        "https://a:99999/",
        "https://a:0/",
        "https://[a/",
        "https://a\\.example.com/",
        "https://a\\@b/",
        "https://a /",
        "https://a/\t",
        "\x01https://a/",
        "https://a%2eexample.com/",
        "https://registry\u3002example.com/",
        "https://\u202emoc.example.com/",
        "https://.example.com/",
        "https://-/",
    ],
)
def test_an_address_that_is_none_has_no_origin(url: str) -> None:
    assert origin_of(url) is None


def test_origins_have_their_port_filled_in() -> None:
    assert origin_of("https://A.example.com/x") == Origin("https", "a.example.com", 443)
    assert origin_of("HTTPS://A.EXAMPLE.com") == Origin("https", "a.example.com", 443)
    assert origin_of("https://[2001:db8::1]:5000/") == Origin("https", "2001:db8::1", 5000)
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
        ("registry.elastic.co", "auth.elastic.co", True),
        ("registry.gv.at", "evil.gv.at", False),
        ("team.github.io", "evil.github.io", False),
        ("registry.team.github.io", "evil.team.github.io", False),
        ("a.azurecr.io", "b.azurecr.io", False),
        ("a.azurecr.io", "azurecr.io", False),
        ("registry.example.com.", "auth.example.com", False),
        ("registry.internal", "auth.internal", False),
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


def test_its_user_can_name_the_token_services_of_a_registry() -> None:
    registry = Origin("https", "registry.example.com", 443)
    realm = Origin("https", "login.example.net", 8443)
    assert not may_have_login(registry, realm, {"example.net", "login.example.net:443"})
    assert may_have_login(registry, realm, {"login.example.net"})
    assert may_have_login(registry, realm, {"login.example.net:8443"})
