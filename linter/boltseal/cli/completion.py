"""What a shell offers for names that are typed: rules and places, each with what it is."""

from collections.abc import Iterator

Offer = tuple[str, str]
"""A word, and what a shell may show beside it."""


def rule_names(incomplete: str) -> Iterator[Offer]:
    """The rules whose names begin as typed."""
    from boltseal_rules.knowledge import pages

    for rule, page in pages().items():
        if rule.name.startswith(incomplete):
            yield rule.name, page.summary


def place_names(incomplete: str) -> Iterator[Offer]:
    """The places and kinds whose names begin as typed."""
    from boltseal_rules.knowledge import guides

    for name, guide in guides():
        if name.startswith(incomplete):
            yield name, guide.about


def known_names() -> dict[str, tuple[str, ...]]:
    """Every name of a rule and of a place."""
    from boltseal_rules import knowledge

    return {"rule": knowledge.rule_names(), "place": knowledge.place_names()}
