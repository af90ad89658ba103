"""Where a registry is reached, and which hosts may be reached or trusted from there."""

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

from boltseal.reference import DOCKER_HUB

HUB_HOST = "registry-1.docker.io"
_PORTS = {"http": 80, "https": 443}

# Hosts whose token service is elsewhere, as published by their owners.
_TOKEN_HOSTS = {HUB_HOST: frozenset({"auth.docker.io"})}

# Addresses of cloud metadata services that are not link-local.
_METADATA = frozenset(
    ipaddress.ip_address(text) for text in ("fd00:ec2::254", "100.100.100.200", "168.63.129.16")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# "example.co.uk" and the like: a parent of two labels that belongs to nobody in particular.
_SHARED_LABELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


class Origin(NamedTuple):
    """Scheme, host in lower case, and port: what decides who gets an Authorization header."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """The origin as the start of an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def name(self) -> str:
        """The origin as people write it: without a scheme, and without the usual port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def origin_of(url: str) -> Origin | None:
    """The origin of an absolute address; None when it is not http(s), or carries a login."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return Origin(parts.scheme, parts.hostname, _PORTS[parts.scheme] if port is None else port)


def registry_origin(registry: str, plain_http: frozenset[str]) -> Origin:
    """Where the registry of a reference answers.

    In: the host of a reference, and the hosts that the user allows to be asked without TLS.
    Out: its origin. Plain http is for those hosts and for loopback, never a fallback.
    """
    host = HUB_HOST if registry == DOCKER_HUB else registry.lower()
    parts = urlsplit(f"//{host}")
    name = parts.hostname or host
    plain = is_loopback(name) or registry in plain_http or host in plain_http
    scheme = "http" if plain else "https"
    return Origin(scheme, name, parts.port or _PORTS[scheme])


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name alone (RFC 6761 section 6.3)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_have_login(registry: Origin, realm: Origin) -> bool:
    """Whether a token service may be sent the login of a registry.

    It may on the registry's own host, below it or below its parent domain, and where the registry's
    owner says so. Anywhere else the realm is only the word of whoever answered.
    """
    if realm.host == registry.host or realm.host in _TOKEN_HOSTS.get(registry.host, ()):
        return True
    if _is_address(registry.host) or _is_address(realm.host):
        return False
    if realm.host.endswith("." + registry.host):
        return True
    parent = registry.host.partition(".")[2]
    labels = parent.split(".")
    shared = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SHARED_LABELS
    if len(labels) < 2 or shared:
        return False
    return realm.host == parent or realm.host.endswith("." + parent)


def is_forbidden(address: str) -> bool:
    """Whether an IP address must not be reached because a registry pointed at it.

    Link-local addresses and those of metadata services hand out a machine's own credentials
    (RFC 3927, RFC 4291 section 2.5.6). Also true for what is not an IP address.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour
        if embedded is None and ip in _NAT64:
            embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded is not None:
            ip = embedded
    return ip.is_link_local or ip.is_unspecified or ip.is_multicast or ip in _METADATA


def literal_address(host: str) -> str | None:
    """The IP address that a host is written as, or None for a name.

    A host whose last part is a number is an address in an old notation ('2130706433', '0x7f.1'); it
    is returned as it is, and ``is_forbidden`` refuses it.
    """
    if _is_address(host):
        return host
    last = host.rstrip(".").rpartition(".")[2]
    return host if last.isdigit() or last.startswith("0x") else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
