"""What becomes of findings: which are asked for, how much they matter, and which are accepted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from boltseal.check import CommentRules, Names
from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.settings import NEEDLE, Config
from boltseal.source import Source
from boltseal.use import ImageUse

if TYPE_CHECKING:
    from boltseal.baseline import Baseline
    from boltseal.changes import Changes
    from boltseal.comment import Comment

_RANKS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def _as_shown(path: str) -> str:
    return path


class _Said(NamedTuple):
    config: Config = Config()
    relative: Callable[[str], str] = _as_shown
    """From the path of a file as shown to that from the folder of the configuration."""
    names: Names = Names()
    least: Severity = Severity.NOTE
    """Findings that matter less are left out."""
    comment_rules: CommentRules | None = None
    """None where comments and the configuration accept nothing."""
    baseline: "Baseline | None" = None
    changes: "Changes | None" = None
    """The lines that findings must touch; None for all."""


class Ruling(_Said):
    """What the configuration and the options say about findings and files."""

    @property
    def is_partial(self) -> bool:
        """Whether findings are left out that are there and that nobody accepts."""
        return self.changes is not None or self.least is not Severity.NOTE

    def includes(self, path: str) -> bool:
        """Whether the configuration adds a file to those that are looked at."""
        return self._included is not None and self._included(self.relative(path))

    def excludes(self, path: str) -> bool:
        """Whether a file is left out, though it may be named.

        One that was not changed is not: what it reads may have been. Raises UsageError for one
        that is in another repository than the changes that are asked for.
        """
        if self.changes is not None:
            self.changes.refuse_outside(path)
        return self._excluded is not None and self._excluded(self.relative(path))

    def required(self, uses: tuple[ImageUse, ...]) -> tuple[ImageUse, ...]:
        """The uses with what is required of each."""
        policies = self.config.policy
        if not policies or not uses:
            return uses
        from boltseal.policy import required

        path = self.relative(uses[0].source.path)
        return tuple(use._replace(required=required(policies, use, path)) for use in uses)

    def settled(self, source: Source, findings: Iterable[Finding]) -> Iterable[Finding]:
        """The findings of one file that count, and those that are accepted, which say so."""
        if self.config.select or self.config.ignore:
            findings = [it for it in findings if it.rule in self.names.asked]
        if self.comment_rules is not None:
            findings = self._accepted(source, findings, self.comment_rules)
        if self.baseline is not None:
            findings = self.baseline.of(source.path).mark(findings)
        if self.changes is not None:
            findings = filter(self.changes.concern, findings)
        if self.config.severity:
            findings = map(self._weighed, findings)
        if self.least is not Severity.NOTE:
            least = _RANKS[self.least]
            findings = [it for it in findings if _RANKS[it.severity] >= least]
        return findings

    def _accepted(
        self, source: Source, findings: Iterable[Finding], rules: CommentRules
    ) -> Iterable[Finding]:
        """The findings with what comments and the configuration accept, and those about comments."""
        if source.holds(NEEDLE) or self.config.pragmas:
            findings = self._after_comments(source, list(findings), rules)
        if not self.config.accept:
            return findings
        return [self._configured(source, it) for it in findings]

    def _after_comments(
        self, source: Source, findings: list[Finding], rules: CommentRules
    ) -> list[Finding]:
        from boltseal.comment import comments
        from boltseal.suppress import suppressed

        said = comments(source, rules.pragmas(self.config.pragmas))
        if not said:
            return findings
        # No comment but one for the whole file that names the rule accepts what is said of comments.
        whole = [it for it in said if it.whole_file and it.rules]
        others = [it for it in said if it not in whole]
        findings = suppressed(findings, said)
        unexplained = suppressed(self._unexplained(source, said, rules), whole)
        unused = (
            *self._unused(source, findings, others, rules),
            *self._unused(source, (*findings, *unexplained), whole, rules),
        )
        found = (*findings, *unexplained, *suppressed(unused, whole))
        return sorted(found, key=lambda finding: finding.span)

    def _unexplained(
        self, source: Source, said: Sequence["Comment"], rules: CommentRules
    ) -> Iterator[Finding]:
        """The comments that owe a reason."""
        if self.config.require_reasons:
            made = (rules.unexplained().judge(source, comment) for comment in said)
            yield from (finding for finding in made if finding and self._is_asked(finding))

    def _unused(
        self,
        source: Source,
        findings: Sequence[Finding],
        said: Sequence["Comment"],
        rules: CommentRules,
    ) -> Iterator[Finding]:
        """The comments that do nothing for these findings."""
        from boltseal.suppress import idle

        names = self.names
        for found in idle(findings, said, known=names.known, asked=names.asked, usual=names.usual):
            finding = rules.unused().judge(source, found)
            if self._is_asked(finding):
                yield finding

    def _is_asked(self, finding: Finding) -> bool:
        return not self.names.asked or finding.rule in self.names.asked

    def _configured(self, source: Source, finding: Finding) -> Finding:
        from boltseal.policy import accepted

        if finding.suppression:
            return finding
        entry = accepted(self.config.accept, finding, self.relative(source.path))
        if entry is None:
            return finding
        return finding._replace(suppression=Suppression(Origin.CONFIGURATION, entry.reason))

    def _weighed(self, finding: Finding) -> Finding:
        return finding._replace(severity=self._severities.get(finding.rule, finding.severity))

    @cached_property
    def _severities(self) -> Mapping[str, Severity]:
        return dict(self.config.severity)

    @cached_property
    def _included(self) -> Callable[[str], bool] | None:
        return _matcher(self.config.include)

    @cached_property
    def _excluded(self) -> Callable[[str], bool] | None:
        return _matcher(self.config.exclude)


def _matcher(globs: tuple[str, ...]) -> Callable[[str], bool] | None:
    """Whether globs match a path; None where there are none."""
    if not globs:
        return None
    from boltseal.gitglob import matcher

    return matcher(globs)
