"""How much text of a format that people write is parsed."""

from collections.abc import Sized

from boltseal.source import Unparsable

MAX_WRITTEN = 2 * 1024 * 1024
"""Bytes or characters beyond which nothing is parsed: tokens take up to 500 times as much memory."""


def refuse_large(text: Sized) -> None:
    """Raise Unparsable for more than anybody writes by hand."""
    if len(text) > MAX_WRITTEN:
        raise Unparsable(f"larger than {MAX_WRITTEN} bytes")
