"""What becomes of findings: which are asked for, how much they matter, and which are accepted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import filterfalse, islice
from posixpath import basename
from typing import TYPE_CHECKING, NamedTuple

from boltseal.check import Names
from boltseal.configuration.settings import NEEDLE, Config
from boltseal.edit import Edit
from boltseal.finding import Finding, Origin, Severity, Suppression, numbered
from boltseal.source import Source
from boltseal.use import ImageUse

if TYPE_CHECKING:
    from boltseal.baseline import Baseline
    from boltseal.changes import Changes
    from boltseal.ignores.heeding import CommentRules

_ABOVE = (".", "..")
"""What ends the path of a folder that is not below that of the configuration."""
_RANKS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def _as_shown(path: str) -> str:
    return path


class _Said(NamedTuple):
    config: Config = Config()
    where: str = ""
    """The file of the configuration, as shown."""
    relative: Callable[[str], str] = _as_shown
    """From the path of a file as shown to that from the folder of the configuration."""
    names: Names = Names()
    least: Severity = Severity.NOTE
    """Findings that matter less are left out."""
    comment_rules: "Callable[[], CommentRules] | None" = None
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

    def shuts(self, folder: str) -> bool:
        """Whether a folder is left out, whatever is configured in it; a file may be taken back."""
        if self._excluded is None:
            return False
        inside = self.relative(folder)
        return basename(inside) not in _ABOVE and self._excluded(f"{inside}/")

    def prunes(self, folder: str) -> bool:
        """Whether a folder is left out with all that is in it."""
        return self.shuts(folder) and not any(it.startswith("!") for it in self.config.exclude)

    def after(self, source: Source, edits: Iterable[Edit]) -> "Ruling":
        """What is said of a file once ``edits`` are made in it."""
        if self.changes is None:
            return self
        return self._replace(changes=self.changes.after(source, edits))

    def required(self, uses: tuple[ImageUse, ...]) -> tuple[ImageUse, ...]:
        """The uses with what is required of each."""
        policies = self.config.policy
        if not policies or not uses:
            return uses
        from boltseal.configuration.policy import required

        path = self.relative(uses[0].source.path)
        return tuple(use._replace(required=required(policies, use, path)) for use in uses)

    def settled(
        self, source: Source, findings: Iterable[Finding], *, whole: bool = True
    ) -> Iterable[Finding]:
        """The findings of one file that count, and those that are accepted, which say so.

        ``whole`` is False where a part of the file could not be read: what a comment there
        accepts is not known, so that none is called unused.
        """
        if self.config.select or self.config.ignore:
            findings = [it for it in findings if it.rule in self.names.asked]
        if self.comment_rules is not None:
            findings = self._accepted(source, findings, self.comment_rules, whole=whole)
        if self.baseline is not None or self.changes is not None:
            findings = self._new(source, findings)
        if self.config.severity:
            findings = map(self._weighed, findings)
        if self.least is not Severity.NOTE:
            least = _RANKS[self.least]
            findings = [it for it in findings if _RANKS[it.severity] >= least]
        return findings

    def _new(self, source: Source, findings: Iterable[Finding]) -> Iterable[Finding]:
        """The findings on changed lines, and of them those that the baseline knows, which say so.

        What was there before the change is known first: of two alike findings the new one is new.
        """
        here, others = list(findings), list[Finding]()
        if self.changes is not None:
            here = list(numbered(here))  # by all that are there, as in a run that leaves out none
            others = list(filterfalse(self.changes.concern, here))
            here = list(filter(self.changes.concern, here))
        if self.baseline is None:
            return here
        marked = self.baseline.of(source.path).mark([*others, *here])
        return islice(marked, len(others), None)

    def _accepted(
        self,
        source: Source,
        findings: Iterable[Finding],
        rules: "Callable[[], CommentRules]",
        *,
        whole: bool,
    ) -> Iterable[Finding]:
        """The findings with what comments and the configuration accept, and those about comments."""
        config = self.config
        if source.holds(NEEDLE) or config.pragmas:
            from boltseal.ignores.heeding import Heeding

            heeding = Heeding(rules(), self.names, config.pragmas, config.require_reasons)
            findings = heeding.of(source, list(findings), whole=whole)
        if not config.accept:
            return findings
        return [self._configured(source, it) for it in findings]

    def _configured(self, source: Source, finding: Finding) -> Finding:
        from boltseal.configuration.policy import accepted

        if finding.suppression:
            return finding
        entry = accepted(self.config.accept, finding, self.relative(source.path))
        if entry is None:
            return finding
        where = self.entry(self.config.accept.index(entry))
        suppression = Suppression(Origin.CONFIGURATION, entry.reason, where)
        return finding._replace(suppression=suppression)

    def entry(self, index: int) -> str:
        """What an ``[[accept]]`` is called, by its position."""
        return f"{self.where}: accept {index + 1}"

    def entries(self) -> Iterator[str]:
        """The entries that accept findings of rules that are asked."""
        for index, row in enumerate(self.config.accept):
            if not row.rules or not self.names.asked.isdisjoint(row.rules):
                yield self.entry(index)

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
