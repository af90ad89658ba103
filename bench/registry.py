"""What a registry answers, whatever protocol carries it (OCI distribution specification 1.1).

The registry is its own token service. It has every repository and every tag, challenges whoever
comes without a token for the repository, and counts what it is asked for.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

MEDIA_TYPE = "application/vnd.oci.image.index.v1+json"


class Request(NamedTuple):
    """A request: ``target`` is path and query, the names of ``headers`` are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """A status, headers with names in lower case, and a body (without one for HEAD)."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


class Registry:
    """Answers each request ``delay`` seconds after it came, any number of them at a time.

    ``counts`` has ``connection``, ``challenge``, ``token``, ``manifest`` and ``other``.
    """

    def __init__(self, delay: float) -> None:
        """Nothing is asked yet."""
        self.delay = delay
        self.counts: Counter[str] = Counter()

    async def answer(self, request: Request) -> Answer:
        """The answer to one request, counted, when its time has come."""
        kind, answer = _answer(request)
        self.counts[kind] += 1
        await asyncio.sleep(self.delay)
        length = ("content-length", str(len(answer.body)))
        body = b"" if request.method == "HEAD" else answer.body
        return answer._replace(headers=(*answer.headers, length), body=body)


def _answer(request: Request) -> tuple[str, Answer]:
    parts = urlsplit(request.target)
    if parts.path == "/token":
        return "token", _token(parse_qs(parts.query).get("scope", []))
    if parts.path == "/v2/":
        return "challenge", _challenge(request, "")
    repository, found, tag = parts.path.removeprefix("/v2/").partition("/manifests/")
    if not found:
        return "other", Answer(404, ())
    if repository not in request.headers.get("authorization", "").split("Bearer ")[-1].split(","):
        return "challenge", _challenge(request, repository)
    return "manifest", _manifest(f"{repository}:{tag}")


def _token(scopes: list[str]) -> Answer:
    """A token that names the repositories that it is good for."""
    repositories = [scope.split(":")[1] for scope in " ".join(scopes).split()]
    body = json.dumps({"token": ",".join(repositories) or "none", "expires_in": 300}).encode()
    return Answer(200, (("content-type", "application/json"),), body)


def _challenge(request: Request, repository: str) -> Answer:
    realm = f'realm="https://{request.headers["host"]}/token",service="bench"'
    scope = f',scope="repository:{repository}:pull"' if repository else ""
    return Answer(401, (("www-authenticate", f"Bearer {realm}{scope}"),))


def _manifest(name: str) -> Answer:
    """An empty index with the name of the image in it: every image has a digest of its own."""
    index = {
        "schemaVersion": 2,
        "mediaType": MEDIA_TYPE,
        "manifests": [],
        "annotations": {"org.opencontainers.image.ref.name": name},
    }
    body = json.dumps(index).encode()
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Answer(200, (("content-type", MEDIA_TYPE), ("docker-content-digest", digest)), body)
