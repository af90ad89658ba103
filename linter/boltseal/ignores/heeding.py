"""What comments make of the findings of a file: they accept some, and are wrong themselves at times."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from boltseal.check import Names, Rule
from boltseal.finding import Finding
from boltseal.ignores.comment import Comment, Pragma, comments
from boltseal.ignores.suppress import Idle, idle, suppressed
from boltseal.source import Source


class IdleCheck(NamedTuple):
    """Judges a comment that accepts nothing, in whole or in part."""

    rule: Rule
    judge: Callable[[Source, Idle], Finding]


class CommentCheck(NamedTuple):
    """Judges a comment that accepts findings by itself, whatever it accepts."""

    rule: Rule
    judge: Callable[[Source, Comment], Finding | None]


class CommentRules(NamedTuple):
    """What judges comments, and how those of other programs are read, by the programs' names."""

    unused: IdleCheck
    unexplained: CommentCheck
    pragmas: Callable[[Sequence[str]], tuple[Pragma, ...]]


class Heeding(NamedTuple):
    """How comments are heeded: the names of rules, other programs whose comments count, reasons."""

    rules: CommentRules
    names: Names
    programs: tuple[str, ...] = ()
    require_reasons: bool = False

    def of(self, source: Source, findings: Sequence[Finding], *, whole: bool) -> list[Finding]:
        """All findings of a file with what its comments accept, and those about the comments.

        ``whole`` is False where a part of the file could not be read: what a comment there
        accepts is not known, so that none is called unused.
        """
        said = comments(source, self.rules.pragmas(self.programs))
        if not said:
            return list(findings)
        # No comment but one for the whole file that names the rule accepts what is said of comments.
        for_files = [it for it in said if it.whole_file and it.rules]
        found = suppressed(findings, said)
        unexplained = suppressed(self._unexplained(source, said), for_files)
        unused: list[Finding] = []
        if whole:
            others = [it for it in said if not (it.whole_file and it.rules)]
            unused += self._unused(source, found, others)
            unused += self._unused(source, [*found, *unexplained], for_files)
        found = [*found, *unexplained, *suppressed(unused, for_files)]
        return sorted(found, key=lambda finding: finding.span)

    def _unexplained(self, source: Source, said: Sequence[Comment]) -> Iterator[Finding]:
        """The comments that owe a reason."""
        if self.require_reasons and self.rules.unexplained.rule.name in self.names.asked:
            made = (self.rules.unexplained.judge(source, comment) for comment in said)
            yield from (finding for finding in made if finding)

    def _unused(
        self, source: Source, findings: Sequence[Finding], said: Sequence[Comment]
    ) -> Iterator[Finding]:
        """The comments that do nothing for these findings."""
        names = self.names
        if self.rules.unused.rule.name not in names.asked:
            return
        asked = names.asked - names.answers
        for found in idle(findings, said, known=names.known, asked=asked, usual=names.usual):
            yield self.rules.unused.judge(source, found)
