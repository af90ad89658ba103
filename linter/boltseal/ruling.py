"""What becomes of findings: which are asked for, how much they matter, and which are accepted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from boltseal.finding import Finding, Severity
from boltseal.settings import Config
from boltseal.source import Source
from boltseal.use import ImageUse

if TYPE_CHECKING:
    from boltseal.changes import Changes

_RANKS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def _as_shown(path: str) -> str:
    return path


class _Said(NamedTuple):
    config: Config = Config()
    relative: Callable[[str], str] = _as_shown
    """From the path of a file as shown to that from the folder of the configuration."""
    rules: frozenset[str] | None = None
    """The rules that are asked; None for all."""
    least: Severity = Severity.NOTE
    """Findings that matter less are left out."""
    changes: "Changes | None" = None
    """The lines that findings must touch; None for all."""


class Ruling(_Said):
    """What the configuration and the options say about findings and files."""

    def includes(self, path: str) -> bool:
        """Whether the configuration adds a file to those that are looked at."""
        return self._included is not None and self._included(self.relative(path))

    def excludes(self, path: str) -> bool:
        """Whether the configuration leaves a file out."""
        return self._excluded is not None and self._excluded(self.relative(path))

    def required(self, uses: tuple[ImageUse, ...]) -> tuple[ImageUse, ...]:
        """The uses with what is required of each."""
        policies = self.config.policy
        if not policies or not uses:
            return uses
        from boltseal.policy import required

        path = self.relative(uses[0].source.path)
        return tuple(use._replace(required=required(policies, use, path)) for use in uses)

    def settled(self, source: Source, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of one file that count, and those that are accepted, which say so."""
        severities = self._severities
        for finding in findings:
            if self.rules is not None and finding.rule not in self.rules:
                continue
            if finding.rule in severities:
                finding = finding._replace(severity=severities[finding.rule])
            yield finding

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
    if not globs:
        return None
    from boltseal import ignore

    rules = ignore.compiled(globs)
    return lambda path: ignore.covers(rules, path)
