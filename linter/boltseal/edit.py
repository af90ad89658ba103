"""Edits: byte ranges with what they expect and what replaces it. Knows no rule and no format."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from boltseal.source import Span


class Safety(StrEnum):
    """Whether a fix may be applied without being asked for by name."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Edit(NamedTuple):
    """Replace the bytes of ``span``, which must be ``expected``, by ``new``."""

    span: Span
    expected: bytes
    new: bytes


class Fix(NamedTuple):
    """Edits that belong together: all are made, or none."""

    edits: tuple[Edit, ...]
    safety: Safety


class EditRefused(Exception):
    """Edits that contradict the bytes or one another. Always a bug of whoever made them."""


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Make all ``edits`` at once and return the new bytes.

    The same edit may be given several times (an anchor with several aliases). Raises EditRefused
    where the bytes are not those expected, or where two edits touch the same bytes.
    """
    out: list[bytes] = []
    at = 0
    for edit in sorted(set(edits)):
        start, end = edit.span
        if start < at or (out and start == end == at):
            raise EditRefused(f"two edits touch byte {start}")
        if not start <= end <= len(data) or data[start:end] != edit.expected:
            raise EditRefused(f"bytes {start} to {end} are not {edit.expected!r}")
        out += data[at:start], edit.new
        at = end
    return b"".join((*out, data[at:]))
