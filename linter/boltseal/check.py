"""The shape of a check: one question asked of every use."""

from collections.abc import Callable
from typing import NamedTuple

from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse


class Rule(NamedTuple):
    """What a check or a file check is called, and how much its findings matter."""

    name: str
    severity: Severity


class Check(NamedTuple):
    """Judges one use. ``judge`` is pure; the outcome is None where no registry was asked."""

    rule: Rule
    judge: Callable[[ImageUse, Outcome | None], Finding | None]


class FileCheck(NamedTuple):
    """Judges a file that could not be read or understood."""

    rule: Rule
    judge: Callable[[Source, Unparsable], Finding]


class Names(NamedTuple):
    """Names of rules: all there are, those asked in this run, and those that every plain run asks.

    ``answers`` are those that judge what registries answer, which is another thing every day.
    """

    known: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
