"""What a login is asked for: a registry, or one of its repositories."""

from typing import NamedTuple

from boltseal.reference import DOCKER_HUB, InvalidReference, parse

_HUB_NAMES = frozenset({DOCKER_HUB, "index.docker.io"})


class Scope(NamedTuple):
    """A registry as references name it, and a repository, or '' for the registry as a whole."""

    registry: str
    repository: str

    def __str__(self) -> str:
        """As ``registry[/repository]``."""
        return f"{self.registry}/{self.repository}" if self.repository else self.registry


def parse_scope(text: str) -> Scope | InvalidReference:
    """Read ``HOST[/REPOSITORY]``; what stands before the first '/' is always a host.

    Out: the scope, or why it is none. Raises nothing.
    """
    if "://" in text:
        return InvalidReference(text, "it is an address", "write the host alone, without a scheme")
    host, slash, path = text.partition("/")
    if not host:
        return _no_host(text)
    parsed = parse(f"{host}/{path if slash else 'name'}")
    if isinstance(parsed, InvalidReference):
        return parsed._replace(original=text)
    if parsed.registry == DOCKER_HUB and host not in _HUB_NAMES:
        return _no_host(text)
    if parsed.tag or parsed.digest:
        return InvalidReference(text, "it names one image", "leave the tag and the digest out")
    return Scope(parsed.registry, parsed.repository if slash else "")


def _no_host(text: str) -> InvalidReference:
    return InvalidReference(
        text,
        "its first part is not a registry host",
        "a host has a '.' or a port; Docker Hub is docker.io",
    )
