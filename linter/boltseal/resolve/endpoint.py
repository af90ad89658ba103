"""Where a registry is reached, and which hosts may be reached or trusted from there."""

import ipaddress
import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from boltseal.reference import DOCKER_HUB
from boltseal.resolve.address import is_address
from boltseal.resolve.shared_domain import is_shared

HUB_HOST = "registry-1.docker.io"
_PORTS = {"http": 80, "https": 443}

# Hosts whose token service is elsewhere, as published by their owners.
_TOKEN_HOSTS = {HUB_HOST: frozenset({"auth.docker.io"})}
# RFC 3986 section 2: an address is ASCII without white space. What is not is read in another way by
# each that reads it.
_URL = re.compile(r"[!-\[\]-~]+", re.ASCII)
# A name as DNS has it, with the underscore that some use, or an IPv6 address.
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|[0-9a-f:.]+", re.ASCII)


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


@lru_cache(maxsize=256)  # Each layer asks for that of the same request.
def origin_of(url: str) -> Origin | None:
    """The origin of an absolute address; None when it is not http(s), or carries a login."""
    if not _URL.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    if port == 0 or ("[" in parts.netloc and not is_address(host)):
        return None
    return Origin(parts.scheme, host, _PORTS[parts.scheme] if port is None else port)


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


def may_have_login(registry: Origin, realm: Origin, token_hosts: Collection[str] = ()) -> bool:
    """Whether a token service may be sent the login of a registry.

    In: the two, and the hosts of token services that the user allows for this registry.
    Out: true on the registry's own host and below it; on the domain above it and beside it, where
    one owner has that domain; and where the registry's owner or the user says so. Anywhere else
    the realm is only the word of whoever answered.
    """
    if realm.host == registry.host or realm.host in _TOKEN_HOSTS.get(registry.host, ()):
        return True
    if realm.host in token_hosts or realm.name in token_hosts:
        return True
    if is_address(registry.host) or is_address(realm.host):
        return False
    if realm.host.endswith("." + registry.host):
        return True
    parent = registry.host.partition(".")[2]
    if is_shared(parent):
        return False
    return realm.host == parent or realm.host.endswith("." + parent)
