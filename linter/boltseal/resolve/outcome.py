"""What asking for a digest brought: a digest, or a reason. Never None, never an exception."""

from collections.abc import Mapping
from typing import NamedTuple


class Resolved(NamedTuple):
    """The digest that a reference stands for now, and the media type of what it names."""

    digest: str
    media_type: str


class Unresolved(NamedTuple):
    """Why no digest could be had, and what the user can do. Both are safe to print.

    ``gone`` tells that it was asked for by its digest, and that the registry has none such.
    ``unreached`` tells that the network had no answer, which another place may have.
    ``shared`` marks the trouble of a host, which meets all that is asked of it.
    """

    reason: str
    hint: str
    gone: bool = False
    unreached: bool = False
    shared: bool = False


Outcome = Resolved | Unresolved
Resolution = Mapping[str, Outcome]
"""Canonical reference (``ImageReference.canonical``) to outcome."""
