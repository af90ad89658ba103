"""A token service that a real registry trusts (the distribution project's token specification)."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.authority import self_signed
from tests.registry import PASSWORD, USER, Door

IDENTITY_TOKEN = "the identity token of the tests"
LIFETIME = 300
EXPIRED = -3600
"""Seconds: the registry forgives a clock that is a minute off."""

_SERVICE, _ISSUER = "registry of the tests", "issuer of the tests"


class Asked(NamedTuple):
    """One request for a token: its method, who asks ('' for anybody), and the scope."""

    method: str
    user: str
    scope: str


class Issuer:
    """Signs tokens. ``private/`` repositories are for ``USER``, ``closed/`` ones for nobody.

    ``asked`` keeps the requests; ``lifetimes`` are the seconds that the next tokens live.
    """

    def __init__(self, certificate: Path) -> None:
        """In: where to write the certificate that the registry knows the tokens by."""
        self.asked: list[Asked] = []
        self.lifetimes: list[int] = []
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        signed = self_signed(self._key, _ISSUER)
        certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        self._x5c = base64.b64encode(signed.public_bytes(serialization.Encoding.DER)).decode()

    def reset(self) -> None:
        """Forget what was asked, and give tokens that live."""
        self.asked.clear()
        self.lifetimes.clear()

    def answer(self, method: str, user: str | None, scope: str) -> dict[str, object] | None:
        """The answer to who asks; None for one whose login is wrong."""
        self.asked.append(Asked(method, "" if user is None else user, scope))
        if user not in ("", USER):
            return None
        lifetime = self.lifetimes.pop(0) if self.lifetimes else LIFETIME
        return {"token": self._token(user, scope, lifetime), "expires_in": LIFETIME}

    def _token(self, user: str, scope: str, lifetime: int) -> str:
        now = int(time.time())
        header = {"typ": "JWT", "alg": "RS256", "x5c": [self._x5c]}
        claims = {
            "iss": _ISSUER,
            "aud": _SERVICE,
            "sub": user,
            "nbf": now - 2 * abs(EXPIRED),
            "iat": now - 2 * abs(EXPIRED),
            "exp": now + lifetime,
            "jti": secrets.token_hex(8),
            "access": _access(user, scope),
        }
        text = f"{_encoded(header)}.{_encoded(claims)}"
        signature = self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{_unpadded(signature)}"


def _access(user: str, scope: str) -> list[dict[str, object]]:
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    if not name or name.startswith("closed/") or (name.startswith("private/") and not user):
        return []
    given = [action for action in actions.split(",") if user or action == "pull"]
    return [{"type": kind, "name": name, "actions": given}]


def _encoded(document: object) -> str:
    return _unpadded(json.dumps(document).encode())


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def issuing(directory: Path) -> Iterator[tuple[Issuer, Door]]:
    """Run a token service until the end of the block, with the door of a registry that asks it."""
    certificate = directory / "issuer.crt"
    issuer = Issuer(certificate)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            user = _basic_user(self.headers.get("Authorization", ""))
            self._give(issuer.answer("GET", user, " ".join(query.get("scope", []))))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            known = ("refresh_token", IDENTITY_TOKEN)
            asks = (form.get("grant_type"), form.get("refresh_token"))
            user = USER if asks == known else None
            self._give(issuer.answer("POST", user, form.get("scope", "")))

        def _give(self, document: dict[str, object] | None) -> None:
            body = json.dumps(document or {"details": "no such user"}).encode()
            self.send_response(401 if document is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base's
            """Keep the tests' output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        realm = f"http://127.0.0.1:{server.server_port}/token"
        token = {"realm": realm, "service": _SERVICE, "issuer": _ISSUER}
        token["rootcertbundle"] = str(certificate)
        try:
            # JSON is YAML.
            yield issuer, Door(json.dumps({"auth": {"token": token}})[1:-1], login=_LOGIN)
        finally:
            server.shutdown()
            thread.join()


_LOGIN = f"{USER}:{PASSWORD}"


def _basic_user(header: str) -> str | None:
    """Who logs in: '' for anybody, None when the login is wrong."""
    if not header:
        return ""
    expected = base64.b64encode(_LOGIN.encode()).decode()
    return USER if header == f"Basic {expected}" else None
