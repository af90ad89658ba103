"""A credential: what proves to a registry who asks."""

from typing import NamedTuple

TOKEN_USER = "<token>"  # noqa: S105 - not a secret
"""The user name that marks what stands in place of a password as an identity token."""


class Credential(NamedTuple):
    """A login and where it came from. Empty fields are not known.

    ``identity_token`` is exchanged for a token at the registry's token service; ``registry_token``
    is sent to the registry as it is. ``source`` is safe to print, the rest never is.
    """

    source: str
    username: str = ""
    password: str = ""
    identity_token: str = ""
    registry_token: str = ""

    @property
    def kind(self) -> str:
        """What is used of it, in words: a registry token before an identity token, then the rest."""
        if self.registry_token:
            return "registry token"
        return "identity token" if self.identity_token else "password"

    @property
    def is_text(self) -> bool:
        """Whether it can be sent: JSON may hold half of a character (RFC 8259 section 8.2)."""
        parts = (self.username, self.password, self.identity_token, self.registry_token)
        return not any("\ud800" <= character <= "\udfff" for part in parts for character in part)

    def __repr__(self) -> str:
        """Name the source only: a repr ends up in logs and tracebacks."""
        return f"Credential(source={self.source!r})"


class Broken(NamedTuple):
    """Why a login cannot be read where it should be, in words that are safe to print."""

    reason: str


class Found(NamedTuple):
    """What looking for a credential brought: one or none, and warnings that are safe to print."""

    credential: Credential | None = None
    warnings: tuple[str, ...] = ()
