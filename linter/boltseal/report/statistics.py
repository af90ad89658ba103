"""How many findings there are of what: the first look at a tree that nobody has looked at."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from boltseal.edit import Safety
from boltseal.finding import Finding, Origin, Severity
from boltseal.printable import brief
from boltseal.report.text import count
from boltseal.style import Style

MOST = 20
"""Rows of a table that are shown."""
_UNKNOWN = "(not known from the file)"


class Row(NamedTuple):
    """Findings, those that a fix would mend, and those that one would with ``--unsafe-fixes``."""

    findings: int = 0
    fixable: int = 0
    unsafe: int = 0

    def plus(self, other: "Row") -> "Row":
        """Both together."""
        return Row(
            self.findings + other.findings,
            self.fixable + other.fixable,
            self.unsafe + other.unsafe,
        )


Rows = dict[str | None, Row]
"""Rows by name; None for findings whose image cannot be known."""


class Counts:
    """Numbers of findings by what they are about. Small, and can be pickled.

    ``files`` are those that were looked at, ``affected`` those with findings. What is accepted
    counts as ``accepted``, what a baseline has as ``known``, and nowhere else. ``notes`` are among
    the other findings. Images go by registry and repository, without a tag.
    """

    def __init__(self) -> None:
        self.files = 0
        self.affected = 0
        self.accepted = 0
        self.known = 0
        self.notes = 0
        self.total = Row()
        self.rules: Rows = {}
        self.registries: Rows = {}
        self.images: Rows = {}

    def add(self, finding: Finding) -> None:
        """Count one finding."""
        if finding.suppression:
            in_baseline = finding.suppression.origin is Origin.BASELINE
            self.known += in_baseline
            self.accepted += not in_baseline
            return
        self.notes += finding.severity is Severity.NOTE
        safety = finding.fix_safety
        one = Row(1, int(safety is Safety.SAFE), int(safety is Safety.UNSAFE))
        image = finding.use.image if finding.use else None
        self.total = self.total.plus(one)
        for rows, name in (
            (self.rules, finding.rule),
            (self.registries, image.registry if image else None),
            (self.images, image.name if image else None),
        ):
            rows[name] = rows.get(name, Row()).plus(one)

    def end_file(self) -> None:
        """Say that all findings of one file were added, and of no other before ``join``."""
        self.files += 1
        self.affected += self.total.findings > 0

    def join(self, other: "Counts") -> None:
        """Add what another one has counted."""
        self.files += other.files
        self.affected += other.affected
        self.accepted += other.accepted
        self.known += other.known
        self.notes += other.notes
        self.total = self.total.plus(other.total)
        for mine, theirs in (
            (self.rules, other.rules),
            (self.registries, other.registries),
            (self.images, other.images),
        ):
            for name, row in theirs.items():
                mine[name] = mine.get(name, Row()).plus(row)


def lines(counts: Counts, style: Style) -> Iterator[str]:
    """The tables for people, and a line that sums them up."""
    for noun, rows in (
        ("rule", counts.rules),
        ("registry", counts.registries),
        ("image", counts.images),
    ):
        if rows:
            yield from _table(noun, rows, style)
            yield ""
    yield _sum(counts, style)


def document(counts: Counts) -> str:
    """The same for programs, with every row: one JSON object, without its line end."""
    return json.dumps(
        {
            "files": counts.files,
            "files_with_findings": counts.affected,
            **counts.total._asdict(),
            "notes": counts.notes,
            "accepted": counts.accepted,
            "known": counts.known,
            "rules": _objects(counts.rules),
            "registries": _objects(counts.registries),
            "images": _objects(counts.images),
        },
        indent=2,
    )


def _most_first(rows: Rows) -> list[tuple[str | None, Row]]:
    return sorted(rows.items(), key=lambda it: (-it[1].findings, it[0] is None, it[0] or ""))


def _objects(rows: Rows) -> list[Mapping[str, object]]:
    return [{"name": name, **row._asdict()} for name, row in _most_first(rows)]


def _table(noun: str, rows: Rows, style: Style) -> Iterator[str]:
    """Numbers before names: these may be of any length, and as wide as a terminal makes them."""
    unsafe = any(row.unsafe for row in rows.values())
    titles = ("findings", "fixable", "unsafe") if unsafe else ("findings", "fixable")
    yield style.bold("  ".join((*titles, noun)))
    ordered = _most_first(rows)
    for name, row in ordered[:MOST]:
        numbers = (f"{number:>{len(title)}}" for title, number in zip(titles, row, strict=False))
        shown = style.dim(_UNKNOWN) if name is None else brief(name)
        yield "  ".join((*numbers, shown))
    if len(ordered) > MOST:
        rest = sum(row.findings for _, row in ordered[MOST:])
        blank = "  ".join(" " * len(title) for title in titles[1:])
        yield style.dim(f"{rest:>{len(titles[0])}}  {blank}  in {len(ordered) - MOST} more")


def _sum(counts: Counts, style: Style) -> str:
    unseen = (("accepted", counts.accepted), ("known", counts.known))
    accepted = "".join(f"; {number} {word}" for word, number in unseen if number)
    total = counts.total
    if not total.findings:
        return style.green(f"No findings in {count(counts.files, 'file')}{accepted}.")
    more = f", {total.unsafe} more with --unsafe-fixes" if total.unsafe else ""
    notes = f", {count(counts.notes, 'note')} among them," if counts.notes else ""
    return (
        f"{count(total.findings, 'finding')}{notes} in {counts.affected} of {count(counts.files, 'file')}; "
        f"{total.fixable} fixable with 'boltseal fix'{more}{accepted}."
    )
