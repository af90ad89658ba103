"""Image references: what was written, beside what it means.

The grammar is that of the ``distribution/reference`` package of the Open Container Initiative's
distribution project, as engines apply it; ``docs/references.md`` lists the rules with examples.
"""

import re
from typing import NamedTuple

from boltseal.pattern import pattern

DOCKER_HUB = "docker.io"
DEFAULT_TAG = "latest"

# ``re.ASCII`` and ``fullmatch`` throughout: no other digit, letter or line end may slip through.
_TAG = pattern(r"\w[\w.-]{0,127}", re.ASCII)
_PATH = pattern(
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*", re.ASCII
)
_HOST = pattern(
    r"(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
    r"(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
    r"|\[(?P<ipv6>[a-fA-F0-9:]+)\])"
    r"(?::(?P<port>[0-9]+))?",
    re.ASCII,
)
_DIGEST = pattern(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}", re.ASCII)
_IMAGE_ID = pattern(r"[0-9a-f]{64}", re.ASCII)
_HUB_HOSTS = frozenset({DOCKER_HUB, "index.docker.io"})
_MAX_PATH = 255
_MAX_PORT = 65535
_MAX_SHOWN = 100
_TOO_LONG = (
    f"the repository name is longer than {_MAX_PATH} characters",
    "shorten it; on Docker Hub 'library/' counts where it is left out",
)


class ImageReference(NamedTuple):
    """One reference: ``original`` is the text as written, the rest is its canonical parts."""

    original: str
    registry: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def name(self) -> str:
        """Registry and repository, such as ``docker.io/library/nginx``."""
        return f"{self.registry}/{self.repository}"

    @property
    def canonical(self) -> str:
        """The full form with every default filled in, such as ``docker.io/library/nginx:latest``."""
        tag = self.tag
        if tag is None and self.digest is None:
            tag = DEFAULT_TAG
        return self.name + (f":{tag}" if tag else "") + (f"@{self.digest}" if self.digest else "")

    @property
    def is_pinned(self) -> bool:
        """Whether the reference names one image for ever."""
        return self.digest is not None


class InvalidReference(NamedTuple):
    """Text that stands where a reference should and is none: what is wrong, and what to do."""

    original: str
    reason: str
    hint: str


def is_digest(text: str) -> bool:
    """Whether ``text`` is a digest of a registered algorithm (OCI image spec, descriptor.md)."""
    return _DIGEST.fullmatch(text) is not None


def parse(text: str) -> ImageReference | InvalidReference:
    """Read one reference.

    In: the text as written, without quotes or surrounding white space.
    Out: its parts, or why it is not a reference. Raises nothing.
    """
    rest, at, digest = text.partition("@")
    if at and not is_digest(digest):
        return InvalidReference(
            text,
            f"{_quoted(digest)} is not a digest",
            "a digest is sha256: and 64 lower-case hex digits",
        )
    name, tag = _split_tag(rest)
    if tag is not None and not _TAG.fullmatch(tag):
        return InvalidReference(
            text,
            f"{_quoted(tag)} is not a tag" if tag else "the tag after ':' is missing",
            "a tag is up to 128 letters, digits, '_', '.' and '-', and does not start with '.' or '-'",
        )
    domain, path = _split_domain(name)
    problem = _domain_problem(domain) or _path_problem(path, bare=text == path)
    if problem:
        return InvalidReference(text, *problem)
    registry = DOCKER_HUB if domain is None or domain in _HUB_HOSTS else domain
    if registry == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    # The limit is that of the full path: on Docker Hub a name of one part has less.
    if len(path) > _MAX_PATH:
        return InvalidReference(text, *_TOO_LONG)
    return ImageReference(text, registry, path, tag, digest or None)


def _quoted(text: str) -> str:
    return f"'{_clipped(text)}'"


def _clipped(text: str) -> str:
    """Enough of ``text`` to know it again: what is no reference can be megabytes long."""
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"


def _split_tag(text: str) -> tuple[str, str | None]:
    name, colon, tag = text.rpartition(":")
    if not colon or "/" in tag:
        return text, None
    return name, tag


def _split_domain(name: str) -> tuple[str | None, str]:
    """The first segment is a host only where a '/' follows and it cannot be part of a path."""
    first, slash, rest = name.partition("/")
    if not slash:
        return None, name
    if first == "localhost" or "." in first or ":" in first or first.lower() != first:
        return first, rest
    return None, name


def _domain_problem(domain: str | None) -> tuple[str, str] | None:
    if domain is None:
        return None
    match = _HOST.fullmatch(domain)
    if not match:
        return (
            f"{_quoted(domain)} is not a registry host",
            "write the host as registry.example.com[:port]",
        )
    if match["ipv6"] is not None and not _is_ipv6(match["ipv6"]):
        return f"{_quoted(domain)} holds no IPv6 address", "write the host as [2001:db8::1][:port]"
    port = match["port"]
    if port is not None and not _is_port(port):
        return f"{_clipped(port)} is not a port", "a port is a number from 1 to 65535"
    if "." not in domain and ":" not in domain and domain != "localhost":
        return (
            f"{_quoted(domain)} has upper-case letters",
            "repository names are lower case; a registry host has a '.' or a port",
        )
    return None


def _is_port(digits: str) -> bool:
    """Whether a port can be reached; zeros before it change nothing (RFC 3986 section 3.2.3)."""
    significant = digits.lstrip("0")
    return 0 < len(significant) <= len(str(_MAX_PORT)) and int(significant) <= _MAX_PORT


def _is_ipv6(text: str) -> bool:
    # Imported here: hardly any reference has an address of this kind.
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _path_problem(path: str, *, bare: bool) -> tuple[str, str] | None:
    if not path:
        return "the repository name is missing", "write it as name:tag"
    if len(path) > _MAX_PATH:
        return _TOO_LONG
    if bare and _IMAGE_ID.fullmatch(path):
        return "64 hex digits are an image id, not a name", "name a repository and a digest"
    if _PATH.fullmatch(path):
        return None
    if path.lower() != path and _PATH.fullmatch(path.lower()):
        return (
            f"{_quoted(path)} has upper-case letters",
            f"repository names are lower case: {_clipped(path.lower())}",
        )
    return (
        f"{_quoted(path)} is not a repository name",
        "a name is lower-case letters and digits, joined by '.', '_', '__', '-' and '/'",
    )
