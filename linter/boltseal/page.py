"""What is said about a rule: ``docs/rules`` and ``boltseal rule`` are made from it."""

from typing import NamedTuple

from boltseal.example import Example


class Page(NamedTuple):
    """The words about a rule, and examples, which the tests hold.

    ``security`` tells that what it finds lets another image run than the one that was meant,
    ``of_files`` that no comment at a line accepts it, but one for the file.
    """

    summary: str
    what: str
    why: str
    fix: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    references: tuple[str, ...] = ()
    security: bool = False
    of_files: bool = False
