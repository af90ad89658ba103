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
        found = suppressed(findings, said)
        about = [
            it for it in self._about(source, found, said, whole) if it.rule in self.names.asked
        ]
        # No comment but one for the whole file that names the rule accepts what is said of comments.
        for_files = [it for it in said if it.whole_file and it.rules]
        return sorted((*found, *suppressed(about, for_files)), key=lambda finding: finding.span)

    def _about(
        self, source: Source, findings: Sequence[Finding], said: Sequence[Comment], whole: bool
    ) -> Iterator[Finding]:
        """What is wrong with the comments themselves."""
        names = self.names
        asked = names.asked - names.answers
        if whole:
            for found in idle(findings, said, known=names.known, asked=asked, usual=names.usual):
                yield self.rules.unused.judge(source, found)
        if self.require_reasons:
            made = (self.rules.unexplained.judge(source, comment) for comment in said)
            yield from (finding for finding in made if finding)
