"""The seam between the engine and whatever knows digests."""

from collections.abc import Iterable
from typing import Protocol

from boltseal.reference import ImageReference
from boltseal.resolve.outcome import Resolution


class Resolver(Protocol):
    """Answers references with digests: a registry, an image layout, a table in a test."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What went wrong so far without stopping anything, safe to print, each once."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing of where the digests are from, safe to print, each once."""
        ...

    def resolve(self, references: Iterable[ImageReference]) -> Resolution:
        """Find the digest of every reference.

        In: references; each unique ``canonical`` is asked for once in the life of the resolver.
        Out: an outcome for every one of them, by ``canonical``.
        Raises nothing for an expected failure: that is an ``Unresolved``.
        """
        ...


def unique(references: Iterable[ImageReference]) -> dict[str, ImageReference]:
    """One reference for each canonical form, in the order first met."""
    found: dict[str, ImageReference] = {}
    for reference in references:
        found.setdefault(reference.canonical, reference)
    return found
