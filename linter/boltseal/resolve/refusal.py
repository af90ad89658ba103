"""Why a registry gave no digest, in words for people.

Nothing that a registry wrote is repeated here: its text could hold control characters, or the very
token that it was sent.
"""

import json
from datetime import UTC, datetime

from boltseal.printable import brief
from boltseal.reference import ImageReference
from boltseal.resolve.exchange import TRANSIENT, Answer, Kind
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.quirks import hint, known_as
from boltseal.resolve.quota import quota
from boltseal.resolve.retry import TOO_MANY, retry_after

_UNREACHABLE: dict[Kind, tuple[str, str]] = {
    "dns": ("the name {host} cannot be looked up", "check the host's spelling and the network"),
    "connect": (
        "{host} cannot be reached",
        "check the network, the proxy settings, and that the registry runs",
    ),
    "handshake": (
        "no TLS connection to {host} could be made{detail}",
        "check that the port is the registry's, and what stands between",
    ),
    "certificate": (
        "the TLS certificate of {host} cannot be verified{detail}",
        "for a private authority, name its certificate in SSL_CERT_FILE, or as your ca-file",
    ),
    "client": (
        "{host} lets in only clients with a certificate that it knows{detail}",
        "ask its owner for a client certificate",
    ),
    "plain": (
        "{host} does not answer with TLS",
        "if it speaks plain http on purpose, list it as a plain-http host",
    ),
    "timeout": ("{host} did not answer in time", "try again, or allow more time"),
    "protocol": ("{host} broke off or did not answer in HTTP", "try again, and check the host"),
    "encoding": (
        "{host} answered with a content coding that was not asked for",
        "check for a proxy that changes what passes through it",
    ),
    "size": ("{host} sent more than a manifest or a token may hold", "check the host"),
    "forbidden": (
        "{host} is an address that must not be asked",
        "link-local and metadata addresses are no registries; see who names this one",
    ),
    "internal": (
        "{host} is inside a private network, and a registry outside points at it",
        "see who runs the registry; one at a private address may name others there",
    ),
    "setup": (
        "the proxy of the environment cannot be used for {host}",
        "check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY",
    ),
    "trust": (
        "the certificates to use with {host} cannot be used{detail}",
        "mend the file that is named, or take it away",
    ),
}
_LONGEST_WAIT = 86400.0
"""The longest wait that is repeated to the user, in seconds: a longer one is no real limit."""

_NAME_UNKNOWN = "NAME_UNKNOWN"


def unreachable(host: str, kind: Kind, detail: str = "") -> Unresolved:
    """No answer could be had from ``host``; ``detail`` says more or is ''."""
    reason, advice = _UNREACHABLE[kind]
    extra = f" ({brief(detail, limit=300)})" if detail else ""
    text = reason.format(host=brief(host), detail=extra)
    return Unresolved(text, advice, unreached=kind in TRANSIENT, shared=True)


def late(host: str, seconds: float) -> Unresolved:
    """The deadline passed."""
    return Unresolved(
        f"{brief(host)} gave no digest within {seconds:g} seconds",
        "try again, or allow more time",
        unreached=True,
        shared=True,
    )


def rate_limited(host: str, answer: Answer) -> Unresolved:
    """The host answered 429 (RFC 6585 section 4).

    In: its name, and the answer, for what it says of the limit and of the time to wait.
    """
    advice = hint(host, answer) or "wait before trying again, or log in for a higher limit"
    known = quota(answer)
    left = f"; {known_as(host)}: {known}" if known else ""
    wait = retry_after(answer.header("retry-after") or None, datetime.now(UTC))
    told = wait is not None and 1 <= wait <= _LONGEST_WAIT
    after = f"; it asks to wait {wait:.0f} seconds" if told else ""
    return Unresolved(f"rate limited by {known_as(host)}", f"{advice}{left}{after}", shared=True)


def hinted(outcome: Unresolved, host: str, answer: Answer) -> Unresolved:
    """The outcome with what is known of such answers of this host."""
    more = hint(host, answer)
    return outcome._replace(hint=f"{outcome.hint}; {more}") if more else outcome


def busy(host: str, status: int) -> Unresolved:
    """The host asks to come back after the deadline."""
    return Unresolved(f"{brief(host)} is busy (status {status})", "try again later", shared=True)


def not_allowed(registry: str) -> Unresolved:
    """The user's list of registries does not have this one."""
    return Unresolved(
        f"{brief(registry)} is not among the allowed registries",
        "allow it, if it is to be asked",
    )


def needs_login(registry: str, notes: tuple[str, ...] = ()) -> Unresolved:
    """401 or 403: registries answer so for what is private and for what is not there.

    In: the registry, and what is known about its login, each a short clause.
    """
    known = "".join(f"; {note}" for note in notes)
    return Unresolved(
        f"{brief(registry)} needs a login for it, or it does not exist",
        f"check the name, or log in to {brief(registry)}{known}",
    )


def login_refused(registry: str, source: str) -> Unresolved:
    """The login that is configured was turned down."""
    return Unresolved(
        f"{brief(registry)} refused the login from {source}",
        f"log in to {brief(registry)} again, or log out of it for anonymous access",
    )


def by_status(answer: Answer, reference: ImageReference, notes: tuple[str, ...]) -> Unresolved:
    """Explain an answer that is neither 200 nor a redirect (OCI distribution spec, Error Codes)."""
    if answer.status == TOO_MANY:
        return rate_limited(reference.registry, answer)
    outcome = _by_status(answer, reference, notes)
    return hinted(outcome, reference.registry, answer)


def _by_status(answer: Answer, reference: ImageReference, notes: tuple[str, ...]) -> Unresolved:
    registry = brief(reference.registry)
    match answer.status:
        case 401 | 403:
            return needs_login(reference.registry, notes)
        case 404:
            return _not_found(answer, reference)
        case status if status >= 500:
            return Unresolved(f"{registry} failed with status {status}", "try again later")
        case status:
            return Unresolved(
                f"{registry} answered with status {status}", "check that the host is a registry"
            )


def _not_found(answer: Answer, reference: ImageReference) -> Unresolved:
    registry = brief(reference.registry)
    if _NAME_UNKNOWN in _codes(answer.body):
        return Unresolved(
            f"no such repository on {registry}", "check the name, or log in if it is private"
        )
    if reference.digest is not None:
        return Unresolved(
            f"no such digest on {registry}",
            "it was removed there, or never pushed; pin another",
            gone=True,
        )
    return Unresolved(f"no such tag on {registry}", "check the tag and the name")


def _codes(body: bytes) -> set[str]:
    try:
        errors = json.loads(body)["errors"]
        return {str(error["code"]) for error in errors}
    except (ValueError, RecursionError, LookupError, TypeError):
        return set()


def bad_realm(registry: str) -> Unresolved:
    """The token service is given as something that must not be asked."""
    return Unresolved(
        f"{brief(registry)} sends clients for a token where they must not go",
        "a token service has an https address without a login in it; tell the registry's owner",
    )


def bad_token(service: str) -> Unresolved:
    """The token service answered 200, with no token in it."""
    return Unresolved(f"the token service {brief(service)} gave no usable token", "try again later")


def no_token(service: str, answer: Answer) -> Unresolved:
    """The token service answered with a status that is no answer."""
    if answer.status == TOO_MANY:
        return rate_limited(service, answer)
    return Unresolved(
        f"the token service {brief(service)} answered with status {answer.status}",
        "try again later",
    )


def bad_redirect(registry: str, problem: str) -> Unresolved:
    """A redirect that is not followed; ``problem`` continues "sends clients"."""
    return Unresolved(
        f"{brief(registry)} sends clients {problem}", "check that the host is a registry"
    )


def wrong_digest(registry: str) -> Unresolved:
    """What was sent is not what it was said to be."""
    return Unresolved(
        f"{brief(registry)} sent an image that does not have the digest it names",
        "do not use it before the registry's owner has explained that",
    )
