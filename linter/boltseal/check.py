"""The shape of a check: one question asked of every use, or of every comment that accepts findings."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse

if TYPE_CHECKING:
    from boltseal.ignores.comment import Comment, Pragma
    from boltseal.ignores.suppress import Idle


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


class IdleCheck(NamedTuple):
    """Judges a comment that accepts nothing, in whole or in part."""

    rule: Rule
    judge: Callable[[Source, "Idle"], Finding]


class CommentCheck(NamedTuple):
    """Judges a comment that accepts findings by itself, whatever it accepts."""

    rule: Rule
    judge: Callable[[Source, "Comment"], Finding | None]


class Names(NamedTuple):
    """Names of rules: all there are, those asked in this run, and those that every plain run asks.

    ``answers`` are those that judge what registries answer, which is another thing every day.
    """

    known: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()


class CommentRules(NamedTuple):
    """What judges comments that accept findings, and how those of other programs are read."""

    unused: Callable[[], IdleCheck]
    unexplained: Callable[[], CommentCheck]
    pragmas: "Callable[[Sequence[str]], tuple[Pragma, ...]]"
