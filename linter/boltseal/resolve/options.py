"""What the user can choose about asking registries."""

from enum import StrEnum
from typing import NamedTuple

from boltseal.resolve.routing import Namespace


class MirrorUse(StrEnum):
    """What mirrors are asked for: digests where the origin cannot be reached, tags too, or all first."""

    ORIGIN = "origin"
    FALLBACK = "fallback"
    FIRST = "first"


class RegistryOptions(NamedTuple):
    """Bounds and permissions.

    ``deadline``: seconds for one reference at one place, from when that has room for it.
    ``concurrency``: references at a time for one host; ``streams``: the same over HTTP/2, where
    they share a connection, and the host says how many it takes; ``connections``: connections in all.
    ``retries``: how often a reference may be asked for again; ``backoff``: seconds before the first.
    ``plain_http``: hosts, with their port, that may be asked without TLS; loopback always may.
    ``allowed``: the only registries to ask, or parts of them, such as ``*.example.com`` and
    ``registry.example.com/team``; None for all.
    ``namespaces``: what registries.conf says; ``ca_file``: a file of more authorities, '' for none;
    ``certificate_folders``: the certs.d folders, in order; ``mirrors``: what mirrors are asked for.
    ``token_hosts``: registries with the hosts of token services that may be sent their login,
    besides those that may anyway.
    """

    deadline: float = 30.0
    concurrency: int = 6
    streams: int = 100
    connections: int = 64
    retries: int = 3
    backoff: float = 0.25
    plain_http: frozenset[str] = frozenset()
    allowed: frozenset[str] | None = None
    namespaces: tuple[Namespace, ...] = ()
    ca_file: str = ""
    certificate_folders: tuple[str, ...] = ()
    mirrors: MirrorUse = MirrorUse.ORIGIN
    token_hosts: tuple[tuple[str, frozenset[str]], ...] = ()
