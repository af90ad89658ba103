"""Where the results of a run go: to standard output in one form, and to files in others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from boltseal import console
from boltseal.finding import Finding, Origin
from boltseal.report.form import (
    DOCUMENTS,
    FOR_PEOPLE,
    Format,
    document_lines,
    finding_lines,
    record_lines,
)
from boltseal.report.trouble import is_bug
from boltseal.style import PLAIN, Style
from boltseal.tally import Exit, Tally

if TYPE_CHECKING:
    from boltseal.check import Rule
    from boltseal.page import Page
    from boltseal.report.outages import Outages
    from boltseal.report.record import Record
    from boltseal.report.statistics import Counts
    from boltseal.report.summary import Sealed, Summary

Closing = Callable[[Tally, Style], Iterable[str]]
"""The last lines of a form for people: what a run comes to."""


class Reporting(NamedTuple):
    """What the user wants to see of a run, and where.

    ``shown`` is the form on standard output, ``files`` the forms of files with their paths.
    ``statistics``: counts in place of findings. ``exit_zero``: findings do not fail the run.
    ``pages`` gives what rules say of themselves, ``entries`` those of the configuration that should
    accept something in this run.
    """

    shown: Format = Format.TEXT
    files: tuple[tuple[Format, str], ...] = ()
    statistics: bool = False
    exit_zero: bool = False
    pages: Callable[[], Mapping["Rule", "Page"]] = dict
    entries: Callable[[], Iterable[str]] = tuple


IN_TEXT = Reporting()
"""Text on standard output, and nothing else."""


class Sheet(NamedTuple):
    """What there is to say of one file: small, as it may come from another process.

    ``lines`` are those of each destination that has lines for findings, ``accepting`` the entries
    of the configuration that accept some.
    """

    lines: tuple[tuple[str, ...], ...]
    tally: Tally
    bug: str = ""
    records: "tuple[Record, ...]" = ()
    counts: "Counts | None" = None
    accepting: frozenset[str] = frozenset()


class Reporter:
    """Gathers what is said of files, shows it as it comes, and writes the rest at the end."""

    def __init__(self, wanted: Reporting, *, beside: bool = False) -> None:
        """In: what is wanted. ``beside`` tells that standard output has another use."""
        self.tally = Tally()
        self._wanted = wanted
        self._put = console.err if beside else console.out
        self._style = console.err_style() if beside else console.out_style()
        self._forms = (wanted.shown, *(form for form, _ in wanted.files))
        self._in_lines = tuple(
            (number, form)
            for number, form in enumerate(self._forms)
            if form not in DOCUMENTS and not (number == 0 and wanted.statistics)
        )
        self._of_records = any(it is Format.JSONL or it in DOCUMENTS for it in self._forms)
        self._kept: list[list[str]] = [[] for _ in self._forms]
        self._records: list[Record] = []
        self._counts = _counts() if wanted.statistics else None
        self._bugs: list[str] = []
        self._accepting: set[str] = set()

    def sheet(
        self, findings: Iterable[Finding], bug: str = "", outages: "Outages | None" = None
    ) -> Sheet:
        """What there is to say of one file; nothing of it is shown yet."""
        found = tuple(findings)
        tally = Tally(files=1)
        for finding in found:
            tally.add(finding)
        records = _records(found) if self._of_records and found else ()
        lines = tuple(
            tuple(_lines(found, records, form, self._style_of(number), outages))
            for number, form in self._in_lines
        )
        accepting = frozenset(
            it.suppression.where
            for it in found
            if it.suppression and it.suppression.origin is Origin.CONFIGURATION
        )
        return Sheet(lines, tally, bug, records, self._counted(found), accepting)

    def take(self, sheet: Sheet) -> None:
        """Show what there is to say of a file, and keep what is said at the end."""
        if is_bug(sheet.bug):
            self._bugs.append(sheet.bug)
        self.tally.join(sheet.tally)
        self._records += sheet.records
        self._accepting |= sheet.accepting
        for (number, _), lines in zip(self._in_lines, sheet.lines, strict=True):
            if number == 0:
                self._put(lines)
            else:
                self._kept[number] += lines
        if sheet.counts is not None and self._counts is not None:
            self._counts.join(sheet.counts)

    def end(
        self, command: str, closing: Closing, sealed: Iterable["Sealed"] = (), *, dry: bool = False
    ) -> Exit:
        """Write what is written at the end; returns the exit code.

        In: the command, what forms for people end with, and what was sealed, or would be where the
        run is ``dry``. Raises UsageError for a file that cannot be written.
        """
        summary = self._summary(command, sealed, dry=dry)
        if self._counts is not None:
            self._put(self._statistics(self._counts))
        else:
            self._put(self._last_lines(0, closing, summary))
        for number, (_, path) in enumerate(self._wanted.files, 1):
            lines = (*self._kept[number], *self._last_lines(number, closing, summary))
            console.to_file(path, lines)
        if not self.tally.files:
            console.say("no file was looked at")
        for entry in self._wanted.entries():
            if entry not in self._accepting:
                console.say(f"{entry} accepts nothing; delete it")
        if self._bugs:
            return Exit.BUG
        return Exit.CLEAN if self._wanted.exit_zero else self.tally.exit

    def _style_of(self, number: int) -> Style:
        return PLAIN if number else self._style

    def _counted(self, found: tuple[Finding, ...]) -> "Counts | None":
        if not self._wanted.statistics:
            return None
        counts = _counts()
        for finding in found:
            counts.add(finding)
        counts.end_file()
        return counts

    def _statistics(self, counts: "Counts") -> Iterable[str]:
        from boltseal.report import statistics

        if self._wanted.shown is Format.JSON:
            return [statistics.document(counts)]
        return statistics.lines(counts, self._style)

    def _summary(self, command: str, sealed: Iterable["Sealed"], *, dry: bool) -> "Summary | None":
        """The whole run, where a form is made of it."""
        if DOCUMENTS.isdisjoint(self._forms):
            return None
        from boltseal.report.summary import Summary

        bugs = tuple(self._bugs)
        return Summary(command, self.tally, tuple(self._records), tuple(sealed), dry, bugs)

    def _last_lines(
        self, number: int, closing: Closing, summary: "Summary | None"
    ) -> Iterator[str]:
        form = self._forms[number]
        if form in FOR_PEOPLE:
            yield from closing(self.tally, self._style_of(number))
        elif form in DOCUMENTS and summary is not None:
            yield from document_lines(form, summary, self._wanted.pages)


def _counts() -> "Counts":
    from boltseal.report.statistics import Counts

    return Counts()


def _records(findings: tuple[Finding, ...]) -> "tuple[Record, ...]":
    from boltseal.report.record import records

    return tuple(records(findings))


def _lines(
    findings: tuple[Finding, ...],
    records: "tuple[Record, ...]",
    form: Format,
    style: Style,
    outages: "Outages | None",
) -> Iterator[str]:
    """The lines of the findings of one file in one form."""
    if form is Format.JSONL:
        yield from record_lines(records)
        return
    for finding in findings:
        if outages and form is Format.TEXT and outages.covers(finding):
            yield outages.short_line(finding, style)
        else:
            yield from finding_lines(finding, form, style)
