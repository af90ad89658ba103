"""An example: a small file that documentation shows and that a test holds."""

from typing import NamedTuple

from boltseal.resolve.outcome import Outcome


class Example(NamedTuple):
    """A file's name and text, and the text after the fix where there is something to fix.

    ``fixed`` shows the digest ``SHOWN_DIGEST`` wherever a fix writes one. ``beside`` are other files
    that give it its meaning, each with its path and text. ``outcome`` is what a registry says of its
    references, where it is about that.
    """

    path: str
    text: str
    fixed: str | None = None
    beside: tuple[tuple[str, str], ...] = ()
    outcome: Outcome | None = None


SHOWN_DIGEST = "sha256:" + "0123456789abcdef" * 4
"""The digest that stands in examples for the one that a registry answers."""
