"""One file of logins, in the form of Docker's config.json and Podman's auth.json."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from boltseal.printable import brief
from boltseal.reference import DOCKER_HUB
from boltseal.resolve.credential import Broken, Credential

HUB_SERVER = "https://index.docker.io/v1/"
"""The name under which Docker keeps the login of Docker Hub."""

_HUB_HOSTS = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io"})
_MAX_FILE = 1024 * 1024
_MANIFEST = re.compile(rb"^kind:[ \t]*['\"]?Secret\b", re.MULTILINE)
_SECRET = "is a Kubernetes Secret: decode the base64 of its .dockerconfigjson into a file"  # noqa: S105 - no secret


class AuthFile(NamedTuple):
    """What a file says, with keys normalised. ``origin`` names the file and is safe to print.

    ``written`` has the keys of ``logins`` as the file writes them, safe to print as well.
    """

    origin: str
    helpers: Mapping[str, str]
    store: str
    logins: Mapping[str, Mapping[str, Any]]
    written: Mapping[str, str]


class AuthFileError(Exception):
    """A file that the user named cannot be used; the message is safe to print."""


def explicit(path: Path) -> AuthFile:
    """Read the file that the user named. Raises: AuthFileError when that cannot be done."""
    found = read(path)
    if found is None:
        raise AuthFileError(f"{brief(str(path), limit=200)} does not exist")
    if isinstance(found, Broken):
        raise AuthFileError(found.reason)
    return found


def read(path: Path) -> AuthFile | Broken | None:
    """Read the file at ``path``; None when there is none."""
    shown = brief(str(path), limit=200)
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Broken(f"{shown} cannot be read: {error.strerror}")
    if len(data) > _MAX_FILE:
        return Broken(f"{shown} is larger than {_MAX_FILE} bytes")
    return load(data, shown)


def load(data: bytes | str, origin: str) -> AuthFile | Broken:
    """Read the content of such a file; ``origin`` is what to call it."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        # The decoder's own message may quote what it met: it is not shown.
        return Broken(f"{origin} {_instead_of_json(data)}")
    if not isinstance(document, dict):
        return Broken(f"{origin} is not a JSON object")
    if document.get("kind") == "Secret":
        return Broken(f"{origin} {_SECRET}")
    helpers = _object(document.get("credHelpers"))
    logins = _object(document.get("auths"))
    store = document.get("credsStore")
    # Where two keys mean the same server, the one that is written as it is looked for counts.
    by_rank = sorted(logins, key=lambda key: key in (normal_key(key), HUB_SERVER))
    keys_of_logins = [key for key in by_rank if isinstance(logins[key], dict)]
    return AuthFile(
        origin,
        {normal_key(key): name for key, name in helpers.items() if isinstance(name, str)},
        store if isinstance(store, str) else "",
        {normal_key(key): logins[key] for key in keys_of_logins},
        {normal_key(key): brief(key) for key in keys_of_logins},
    )


def _instead_of_json(data: bytes | str) -> str:
    """What a file is that is not JSON, for those that are easily taken for one another."""
    raw = data.encode(errors="replace") if isinstance(data, str) else data
    if _MANIFEST.search(raw):
        return _SECRET
    try:
        is_encoded = base64.b64decode(b"".join(raw.split()), validate=True).startswith(b"{")
    except binascii.Error:
        is_encoded = False
    return "is in base64: decode it first" if is_encoded else "is not JSON"


def normal_key(key: str) -> str:
    """A server as configuration files write it, as ``host[:port][/path]``.

    A path is kept only where no scheme stands before it: ``https://host/v2/`` names the host,
    ``host/team`` a part of it (containers-auth.json(5)).
    """
    scheme, mark, rest = key.partition("://")
    host, slash, path = (rest if mark else scheme).rstrip("/").partition("/")
    host = host.lower()
    if host in _HUB_HOSTS:
        host = DOCKER_HUB
    if mark or not slash or (host == DOCKER_HUB and path == "v1"):
        return host
    return f"{host}/{path}"


def keys(registry: str, repository: str) -> list[str]:
    """The keys that may hold the login of a repository, longest first; '' is none in particular."""
    parts = repository.split("/") if repository else []
    host = normal_key(registry)
    return ["/".join([host, *parts[:count]]) for count in range(len(parts), -1, -1)]


def login(file: AuthFile, key: str) -> Credential | Broken | None:
    """The login that ``file`` itself holds under a normalised key."""
    entry = file.logins.get(key)
    if entry is None:
        return None
    username, password = _text(entry, "username"), _text(entry, "password")
    if encoded := _text(entry, "auth"):
        pair = _decoded(encoded)
        if pair is None:
            return Broken(f"{file.origin} has a login for {brief(key)} that is not base64")
        username, password = pair
    identity, registry = _text(entry, "identitytoken"), _text(entry, "registrytoken")
    if not (password or identity or registry):
        return None  # Docker writes an empty entry beside a login that a helper keeps.
    found = Credential(file.origin, username, password, identity, registry)
    return (
        found
        if found.is_text
        else Broken(f"{file.origin} has a login for {brief(key)} that is not text")
    )


def _decoded(encoded: str) -> tuple[str, str] | None:
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    username, colon, password = text.partition(":")
    return (username, password.strip("\0")) if colon else None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""
