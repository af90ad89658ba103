"""One question to a registry: which digest does a reference stand for, and what is behind it?"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote, urljoin

from boltseal.reference import DEFAULT_TAG, ImageReference, is_digest
from boltseal.resolve.attempt import Attempt, UnresolvedError
from boltseal.resolve.challenge import Challenge, challenges
from boltseal.resolve.endpoint import Origin, origin_of
from boltseal.resolve.exchange import Answer, Request
from boltseal.resolve.login import Grant, Place
from boltseal.resolve.logins import Logins
from boltseal.resolve.manifest import (
    MANIFEST_TYPES,
    MAX_MANIFEST,
    SCHEMA_1,
    SCHEMA_1_TYPES,
    Document,
    bare_type,
    inspect,
)
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.resolve.refusal import bad_redirect, by_status, wrong_digest

# All four, always: a registry that misses one may answer with another image, or with none.
_ACCEPT = ", ".join(sorted(MANIFEST_TYPES))
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
# What registries answer to HEAD where GET would say more, or better.
_NO_FOR_HEAD = frozenset({401, 403, 404, 405})

Ask = Callable[[Request, Attempt], Awaitable[Answer]]


class Question:
    """Asks for one manifest (OCI distribution spec, "Pulling manifests")."""

    def __init__(
        self,
        reference: ImageReference,
        place: Place,
        ask: Ask,
        logins: Logins,
        attempt: Attempt,
        mirrored: str = "",
    ) -> None:
        """Prepare; nothing is asked yet.

        In: what is asked, of whom, how to send, who logs in, and what time is left. A mirror is
        told for which registry it stands: ``mirrored``, as containerd's mirrors know it (``ns``).
        """
        self._reference = reference
        self._place = place
        self._send = ask
        self._logins = logins
        self._attempt = attempt
        self._grant = logins.current(self._place)
        self._has_logged_in = False
        self._root = f"{place.origin.url}/v2/{reference.repository}"
        self._query = f"?ns={quote(mirrored)}" if mirrored else ""
        target = reference.digest or reference.tag or DEFAULT_TAG
        self._url = f"{self._root}/manifests/{target}{self._query}"

    async def outcome(self, *, verify: bool = False) -> Outcome:
        """Ask with HEAD, which costs no quota; with GET where the answer needs its body.

        In: whether to ``verify``, that is to GET and hash whatever HEAD would say. Raises:
        UnresolvedError.
        """
        known = None if verify else await self._asked_with_head()
        if known is not None:
            return known
        document = await self.manifest()
        if isinstance(document, Unresolved):
            return document
        digest = self._reference.digest or _digest("sha256", document.body)
        return Resolved(digest, document.media_type)

    async def manifest(self) -> Document | Unresolved:
        """The manifest itself, its hash checked. Raises: UnresolvedError."""
        answer = await self._get(self._url)
        return self._from_body(answer) if answer.status == 200 else self._explained(answer)

    async def blob(self, digest: str) -> bytes | Unresolved:
        """A small blob of the same repository, its hash checked ("Pulling blobs", same spec).

        Raises: UnresolvedError.
        """
        answer = await self._get(f"{self._root}/blobs/{digest}{self._query}")
        if answer.status != 200:
            return self._explained(answer)
        if _digest(_algorithm(digest), answer.body) != digest:
            return self._wrong()
        return answer.body

    async def _asked_with_head(self) -> Outcome | None:
        """What a HEAD says; None where a GET may say more."""
        head = await self._ask("HEAD", self._url)
        if head.status == 200:
            return self._from_headers(head)
        if 400 <= head.status < 500 and head.status not in _NO_FOR_HEAD:
            # Above all 429: a GET would cost quota, and be answered the same.
            return self._explained(head)
        return None

    async def _get(self, url: str) -> Answer:
        return await self._follow(url, await self._ask("GET", url))

    async def _ask(self, method: str, url: str) -> Answer:
        """Ask the registry itself, logging in at most once."""
        answer = await self._send(self._request(method, url), self._attempt)
        known = self._grant
        if known and answer.status == 401 and not self._has_logged_in:
            # What other questions brought does not open this: begin as if nothing were known.
            self._grant = None
            answer = await self._send(self._request(method, url), self._attempt)
        if answer.status == 200 and self._grant is None:
            self._logins.opening(self._place).public()
        if answer.status != 401 or self._has_logged_in:
            return answer
        self._has_logged_in = True
        offered = challenges(answer.all("www-authenticate")) or await self._ping()
        if not offered:
            return answer
        grant = await self._logins.renew(self._place, offered, known, self._attempt)
        if isinstance(grant, Unresolved):
            raise UnresolvedError(grant)
        self._grant = grant
        request = self._request(method, url)
        return await self._logins.use(
            self._place, grant, lambda: self._send(request, self._attempt)
        )

    async def _ping(self) -> Sequence[Challenge]:
        """Ask the registry's root for the challenge that its answer lacked."""
        url = f"{self._place.origin.url}/v2/"
        request = Request("GET", url, {}, MAX_MANIFEST, verified=self._place.verified)
        answer = await self._send(request, self._attempt)
        return challenges(answer.all("www-authenticate"))

    async def _follow(self, url: str, answer: Answer) -> Answer:
        """Follow redirects: the login stays with the registry, and TLS is never left."""
        origin = self._place.origin
        with_login = True
        for _ in range(_MAX_REDIRECTS):
            if answer.status not in _REDIRECTS:
                return answer
            url, target = self._redirected(url, origin, answer.header("location"))
            with_login = with_login and target == origin
            # Each time anew: the name of the same host may have another address by now.
            pointed_by = "" if target == self._place.origin else origin.url
            request = self._request("GET", url, with_login=with_login, pointed_by=pointed_by)
            answer = await self._send(request, self._attempt)
            origin = target
        if answer.status in _REDIRECTS:
            raise UnresolvedError(bad_redirect(self._reference.registry, "from place to place"))
        return answer

    def _redirected(self, url: str, origin: Origin, location: str) -> tuple[str, Origin]:
        try:
            target_url = urljoin(url, location)
        except ValueError:
            target_url = ""
        target = origin_of(target_url) if location else None
        if target is None:
            problem = "to something that is not an address"
            raise UnresolvedError(bad_redirect(self._reference.registry, problem))
        if origin.scheme == "https" and target.scheme != "https":
            problem = "from TLS to plain http"
            raise UnresolvedError(bad_redirect(self._reference.registry, problem))
        return target_url, target

    def _request(
        self, method: str, url: str, *, with_login: bool = True, pointed_by: str = ""
    ) -> Request:
        headers = {"Accept": _ACCEPT}
        if self._grant and with_login:
            headers["Authorization"] = self._grant.authorization
        # What the user says of the registry says nothing of others that it names.
        verified = self._place.verified or bool(pointed_by)
        return Request(method, url, headers, MAX_MANIFEST, pointed_by=pointed_by, verified=verified)

    def _from_headers(self, answer: Answer) -> Outcome | None:
        """What a HEAD says; None when that is not enough."""
        kind = bare_type(answer.header("content-type"))
        if kind in SCHEMA_1_TYPES:
            return SCHEMA_1
        digest = answer.header("docker-content-digest")
        if kind not in MANIFEST_TYPES or not is_digest(digest):
            return None
        wanted = self._reference.digest
        if wanted is not None:
            # Another algorithm says nothing about the digest asked for: only its bytes do.
            if _algorithm(digest) != _algorithm(wanted):
                return None
            return Resolved(digest, kind) if digest == wanted else self._wrong()
        return Resolved(digest, kind) if _algorithm(digest) == "sha256" else None

    def _from_body(self, answer: Answer) -> Document | Unresolved:
        """What a GET says: a digest is the hash of the very bytes received."""
        manifest = inspect(answer.body, bare_type(answer.header("content-type")))
        if isinstance(manifest, Unresolved):
            return manifest
        named = answer.header("docker-content-digest")
        for claim in (named if is_digest(named) else None, self._reference.digest):
            if claim is not None and claim != _digest(_algorithm(claim), answer.body):
                return self._wrong()
        return Document(answer.body, manifest.media_type)

    def _wrong(self) -> Unresolved:
        return wrong_digest(self._reference.registry)

    def _explained(self, answer: Answer) -> Unresolved:
        notes = self._grant.notes if isinstance(self._grant, Grant) else ()
        return by_status(answer, self._reference, notes)


def _algorithm(digest: str) -> str:
    return digest.partition(":")[0]


def _digest(algorithm: str, body: bytes) -> str:
    return f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"
