"""What must never be shown: the secrets that were sent."""

import base64
import binascii
from urllib.parse import unquote

from boltseal.resolve.exchange import Request

_SECRET_FIELDS = ("refresh_token", "password")


class Secrets:
    """Remembers the secrets that requests carry: the other side could repeat them anywhere."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def remember(self, request: Request) -> None:
        """Note what a request carries."""
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        self._known.add(value)
        if scheme == "Basic":
            self._known.add(_password(value))
        self._known.update((request.form or {}).get(name, "") for name in _SECRET_FIELDS)
        self._known.discard("")

    def are_in(self, text: str) -> bool:
        """Whether a text holds any of them, plain or percent-encoded."""
        plain = unquote(text)
        return any(secret in text or secret in plain for secret in self._known)


def _password(encoded: str) -> str:
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]
