"""Logging in: from a challenge to the Authorization header that answers it.

The token protocol is that of the distribution project (its auth specification: token and oauth).
"""

import base64
import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from boltseal.printable import brief
from boltseal.resolve.challenge import Challenge
from boltseal.resolve.credential import TOKEN_USER, Credential
from boltseal.resolve.endpoint import Origin, may_have_login, origin_of
from boltseal.resolve.exchange import Answer, Request
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.refusal import (
    bad_realm,
    bad_token,
    hinted,
    login_refused,
    needs_login,
    no_token,
)

_MAX_TOKEN = 64 * 1024
_CLIENT = "boltseal"
_LIFETIME = 60.0  # Seconds that a token lives when its service does not say.
_SLACK = 5.0
_TEXT = re.compile(r"[\x21-\x7e]+")

Ask = Callable[[Request], Awaitable[Answer]]


class Place(NamedTuple):
    """What a login is for: the registry as references name it, where it answers, the repository.

    ``token_hosts``: hosts that the user lets give tokens for this registry, besides its own.
    ``verified``: whether the registry must show over TLS that it is who it is.
    """

    registry: str
    origin: Origin
    repository: str
    token_hosts: frozenset[str] = frozenset()
    verified: bool = True


class Grant(NamedTuple):
    """An Authorization header, when it ends (by ``time.monotonic``), and notes for people.

    ``credential`` is set when the header holds the credential itself, not a token given for it.
    """

    authorization: str
    expires: float
    notes: tuple[str, ...]
    credential: Credential | None = None

    def __repr__(self) -> str:
        """Leave the header out."""
        return f"Grant(notes={self.notes!r})"


async def log_in(
    place: Place, challenges: Sequence[Challenge], credential: Credential | None, ask: Ask
) -> Grant | Unresolved:
    """Answer a challenge.

    In: what for, the challenges, the login if there is one, and how to ask a token service.
    Out: what to send, or why there is nothing to send. A token is preferred over a password.
    Raises: UnresolvedError, from ``ask``.
    """
    notes = (f"the login in use is from {credential.source}",) if credential else ()
    if credential and _TEXT.fullmatch(credential.registry_token):
        return Grant(f"Bearer {credential.registry_token}", float("inf"), notes, credential)
    for challenge in challenges:
        if challenge.scheme == "bearer" and "realm" in challenge.parameters:
            return await _token(place, challenge, credential, ask)
    schemes = {challenge.scheme for challenge in challenges}
    if "basic" in schemes:
        if credential and credential.password:
            return Grant(_basic(credential), float("inf"), notes, credential)
        return needs_login(place.registry)
    known = ", ".join(sorted(schemes))
    return Unresolved(
        f"{brief(place.registry)} asks for a kind of login that is not supported",
        f"it offers '{brief(known)}'; Basic and Bearer are supported",
    )


async def _token(
    place: Place, challenge: Challenge, credential: Credential | None, ask: Ask
) -> Grant | Unresolved:
    realm = challenge.parameters["realm"]
    target = origin_of(realm)
    if target is None or (target.scheme == "http" and place.origin.scheme == "https"):
        return bad_realm(place.registry)
    notes: tuple[str, ...] = ()
    if credential is not None:
        if may_have_login(place.origin, target, place.token_hosts):
            notes = (f"the login in use is from {credential.source}",)
        else:
            notes = (f"the login from {credential.source} is not sent to {brief(target.name)}",)
            credential = None
    query = {"service": challenge.parameters.get("service", "")}
    query["scope"] = f"repository:{place.repository}:pull"
    if not query["service"]:
        del query["service"]
    pointed_by = "" if target == place.origin else place.origin.url
    # What the user says of the registry says nothing of others that it names.
    verified = place.verified or target != place.origin

    def ask_it(request: Request) -> Awaitable[Answer]:
        return ask(request._replace(pointed_by=pointed_by, verified=verified, scope=query["scope"]))

    answer = await _ask_service(realm, query, credential, ask_it)
    if answer.status == 200:
        grant = _granted(answer.body, notes)
        return bad_token(target.name) if grant is None else grant
    if answer.status in (400, 401, 403) and credential is not None:
        return hinted(login_refused(place.registry, credential.source), place.registry, answer)
    if answer.status in (401, 403):
        return hinted(needs_login(place.registry, notes), place.registry, answer)
    return no_token(target.name, answer)


async def _ask_service(
    realm: str, query: dict[str, str], credential: Credential | None, ask: Ask
) -> Answer:
    if credential and credential.identity_token:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": credential.identity_token,
            "client_id": _CLIENT,
            **query,
        }
        answer = await ask(Request("POST", realm, {}, _MAX_TOKEN, form=form))
        if answer.status not in (404, 405):
            return answer
    headers = {}
    if credential and (credential.identity_token or credential.password):
        headers["Authorization"] = _basic(credential)
    return await ask(Request("GET", _with(realm, query), headers, _MAX_TOKEN))


def _granted(body: bytes, notes: tuple[str, ...]) -> Grant | None:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    token = document.get("token") or document.get("access_token")
    if not isinstance(token, str) or not _TEXT.fullmatch(token):
        return None
    lifetime = document.get("expires_in")
    if isinstance(lifetime, bool) or not isinstance(lifetime, int | float) or not lifetime > 0:
        lifetime = _LIFETIME
    lives = min(float(min(lifetime, 86400)), 86400.0) - _SLACK
    return Grant(f"Bearer {token}", time.monotonic() + lives, notes)


def _basic(credential: Credential) -> str:
    """The login as RFC 7617 section 2 writes it."""
    username, password = credential.username, credential.password
    if credential.identity_token:
        username, password = username or TOKEN_USER, credential.identity_token
    pair = f"{username}:{password}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def _with(realm: str, query: dict[str, str]) -> str:
    """The realm with parameters added to those it has; a fragment is never sent."""
    parts = urlsplit(realm)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *query.items()]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))
