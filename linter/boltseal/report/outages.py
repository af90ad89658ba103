"""Troubles of hosts, told once however many references meet them."""

from collections import Counter
from collections.abc import Iterator

from boltseal.finding import Finding
from boltseal.report import text
from boltseal.resolve.outcome import Resolution, Unresolved
from boltseal.style import Style


class Outages:
    """The troubles of a run that more than one reference met."""

    def __init__(self, resolution: Resolution) -> None:
        """In: what came of all references of the run."""
        troubles = {
            name: outcome
            for name, outcome in resolution.items()
            if isinstance(outcome, Unresolved) and outcome.shared
        }
        met = Counter(outcome.reason for outcome in troubles.values())
        self._counts = {reason: count for reason, count in met.items() if count > 1}
        self._hints = {outcome.reason: outcome.hint for outcome in troubles.values()}
        self._names = {n for n, outcome in troubles.items() if outcome.reason in self._counts}

    def covers(self, finding: Finding) -> bool:
        """Whether the reason why a finding could not be fixed is told once for all."""
        image = finding.use.image if finding.use else None
        return finding.unresolved and image is not None and image.canonical in self._names

    def short_line(self, finding: Finding, style: Style) -> str:
        """A finding that is covered: where it is, and what was not resolved."""
        return text.short_line(finding, style)

    def lines(self) -> Iterator[str]:
        """One line for each trouble, safe to print: what it is, whom it met, what to do."""
        for reason, count in self._counts.items():
            yield f"{reason}: {count} references not resolved; {self._hints[reason]}"
