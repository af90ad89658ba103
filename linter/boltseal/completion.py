"""What a shell offers for names that are typed: rules and places, each with what it is."""

import os
from collections.abc import Iterator

Offer = tuple[str, str]
"""A word, and what a shell may show beside it."""


def keep_lines_whole() -> None:
    """Let Typer wrap no help: zsh and fish take each line for a word of its own.

    To be called before it is loaded. It wraps at the width of a terminal, which there is none of.
    """
    os.environ["TERMINAL_WIDTH"] = "1000"


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
