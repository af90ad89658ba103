"""Registries that exist only in memory, and the few words the tests need to talk about them."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence

import httpx

from boltseal.reference import ImageReference, parse
from boltseal.resolve.credential import Credential, Found
from boltseal.resolve.credentials import Credentials
from boltseal.resolve.manifest import OCI_INDEX
from boltseal.resolve.outcome import Outcome, Resolution, Unresolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver

HOST = "registry.example.com"
APP = f"{HOST}/team/app:1.0"
MANIFESTS = f"https://{HOST}/v2/team/app/manifests"
QUICK = RegistryOptions(deadline=5.0, backoff=0.001)

INDEX = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}).encode()
INDEX_DIGEST = f"sha256:{hashlib.sha256(INDEX).hexdigest()}"

Handler = (
    Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)


class NoCredentials:
    """Knows no login: everything is asked for anonymously."""

    def find(self, registry: str, repository: str) -> Found:  # noqa: ARG002 - the protocol's
        return Found()


class Login:
    """Credentials that know one login for every repository."""

    def __init__(self, **fields: str) -> None:
        self.credential = Credential("the test's file", **fields)
        self.asked: list[tuple[str, str]] = []

    def find(self, registry: str, repository: str) -> Found:
        self.asked.append((registry, repository))
        return Found(self.credential)


class Recorder:
    """Passes requests on to a handler, and keeps them."""

    def __init__(self, handler: Callable[[httpx.Request], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self._handler = handler

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._handler(request)

    @property
    def lines(self) -> list[str]:
        """Method and address, without the query."""
        return [f"{r.method} {str(r.url).partition('?')[0]}" for r in self.requests]

    def authorizations(self, host: str) -> list[str]:
        """What hosts of that name were sent to open them."""
        return [r.headers.get("authorization", "") for r in self.requests if r.url.host == host]


def found(digest: str = INDEX_DIGEST, media_type: str = OCI_INDEX) -> httpx.Response:
    """The answer to a HEAD."""
    headers = {"Docker-Content-Digest": digest, "Content-Type": media_type}
    return httpx.Response(200, headers=headers)


def sent(
    body: bytes = INDEX, media_type: str = OCI_INDEX, digest: str | None = None
) -> httpx.Response:
    """The answer to a GET."""
    headers = {"Content-Type": media_type} if media_type else {}
    if digest is not None:
        headers["Docker-Content-Digest"] = digest
    return httpx.Response(200, headers=headers, content=body)


def challenge(*values: str) -> httpx.Response:
    """A 401."""
    return httpx.Response(401, headers=[("WWW-Authenticate", value) for value in values])


def reference(text: str) -> ImageReference:
    parsed = parse(text)
    assert isinstance(parsed, ImageReference), parsed
    return parsed


def resolver(
    handler: Handler,
    credentials: Credentials | None = None,
    options: RegistryOptions = QUICK,
    lookup: Callable[[str, int], Awaitable[list[str]]] | None = None,
) -> RegistryResolver:
    return RegistryResolver(
        options,
        transport=httpx.MockTransport(handler),
        credentials=credentials or NoCredentials(),
        lookup=lookup,
    )


def resolve_all(
    handler: Handler,
    texts: Sequence[str],
    credentials: Credentials | None = None,
    options: RegistryOptions = QUICK,
) -> Resolution:
    return resolver(handler, credentials, options).resolve([reference(text) for text in texts])


def resolve(
    handler: Handler,
    text: str = APP,
    credentials: Credentials | None = None,
    options: RegistryOptions = QUICK,
) -> Outcome:
    return resolve_all(handler, [text], credentials, options)[reference(text).canonical]


def reason(outcome: Outcome) -> str:
    assert isinstance(outcome, Unresolved), outcome
    assert outcome.hint
    assert "\n" not in outcome.reason + outcome.hint
    return outcome.reason
