"""A finding as plain data: what every form of a report is made of, free of the file's bytes."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from boltseal.edit import Edit, Fix
from boltseal.finding import Finding, Severity, Suppression, numbered
from boltseal.printable import brief, printable
from boltseal.report.checkout import in_repository
from boltseal.source import CONTINUATION, Source, Span
from boltseal.use import Related

_KEPT = 400
"""Characters of a line that are kept."""
_BEFORE = 100
"""Characters that are kept before what a long line is kept for."""


class Region(NamedTuple):
    """A part of a file as people count: lines and columns from 1, columns in characters.

    The end column is that after the last character. ``offset`` and ``length`` are in bytes.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    offset: int
    length: int


class Replacement(NamedTuple):
    """One edit of a fix: what is replaced, and the text that takes its place."""

    region: Region
    text: str


class Step(NamedTuple):
    """Another place that takes part, and what it does there."""

    label: str
    path: str
    region: Region


class Changed(NamedTuple):
    """A line as it is and as a fix would have it, both without their end.

    A long line is cut around the first edit, with ``…`` where something is missing.
    """

    line: int
    before: str
    after: str


class Record(NamedTuple):
    """One finding.

    ``reference`` is as written, ``resolved_reference`` what it means; both are None for a finding
    about a whole file, and so are ``place`` and ``route``. ``snippet`` is the line on which it
    starts, from the column ``snippet_column`` on: a long line is cut around the finding.
    ``unresolved`` tells that the image was asked for and got no digest.
    ``replacements`` are in order, and none where the finding is accepted: no fix is made then.
    ``fingerprint`` stays the same when lines move, and whatever the current folder is: it is made
    of the path in the repository, the rule, the reference and how many alike stand before it.
    """

    rule: str
    severity: Severity
    message: str
    hint: str
    path: str
    region: Region
    snippet: str
    fingerprint: str
    place: str | None
    route: str | None
    reference: str | None
    resolved_reference: str | None
    fix_safety: str | None
    replacements: tuple[Replacement, ...]
    changed: tuple[Changed, ...]
    steps: tuple[Step, ...]
    suppression: Suppression | None
    snippet_column: int = 1
    unresolved: bool = False


def records(findings: Iterable[Finding]) -> Iterator[Record]:
    """The records of the findings of one file."""
    for finding in numbered(findings):
        path = in_repository(finding.source.path)
        yield _record(finding, _fingerprint(path, *finding.alike, finding.number))


def region(source: Source, span: Span) -> Region:
    """Where a span of a file is."""
    start, end = source.position(span.start), source.position(span.end)
    return Region(start.line, start.column, end.line, end.column, span.start, span.end - span.start)


def steps(related: Iterable[Related], source: Source) -> Iterator[Step]:
    """The other places that take part in what stands in ``source``."""
    for it in related:
        where = it.source or source
        yield Step(it.label, where.path, region(where, it.span))


def _fingerprint(path: str, rule: str, what: str, number: int) -> str:
    text = "\0".join((path, rule, what, str(number)))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _record(finding: Finding, fingerprint: str) -> Record:
    source, use = finding.source, finding.use
    where = region(source, finding.span)
    edits = () if finding.suppression else _edits(finding.fix)
    line = source.line_text(where.line)
    first, last = _kept(len(line), where.column - 1)
    return Record(
        finding.rule,
        finding.severity,
        finding.message,
        finding.hint,
        source.path,
        where,
        line[first:last],
        fingerprint,
        use.place if use else None,
        use.route if use else None,
        use.text if use else None,
        use.image.canonical if use and use.image else None,
        str(finding.fix_safety) if finding.fix_safety else None,
        tuple(Replacement(region(source, edit.span), edit.new.decode()) for edit in edits),
        tuple(changed(source, edits)),
        tuple(steps(finding.related, source)),
        finding.suppression,
        first + 1,
        finding.unresolved,
    )


def _edits(fix: Fix | None) -> list[Edit]:
    """The edits of a fix, in order, each once: several aliases of an anchor share one."""
    return sorted(set(fix.edits)) if fix else []


def _kept(length: int, at: int) -> tuple[int, int]:
    """Which characters are kept of a line, of which the one ``at`` matters."""
    first = max(0, at - _BEFORE) if length > _KEPT else 0
    return first, min(length, first + _KEPT)


def changed(source: Source, edits: Iterable[Edit]) -> Iterator[Changed]:
    """The lines that edits change, in order. No edit of a fix takes a line away or adds one."""
    lines: dict[int, list[Edit]] = {}
    for edit in sorted(set(edits)):
        lines.setdefault(source.line_of(edit.span.start), []).append(edit)
    for line, on_it in lines.items():
        yield _changed(source, line, on_it)


def _changed(source: Source, line: int, edits: list[Edit]) -> Changed:
    data = source.data
    start = source.line_start(line) or source.bom
    end = data.find(b"\n", edits[-1].span.end)
    end = len(data) if end < 0 else end
    first, last = _window(data, start, end, edits[0].span)
    before, after = data[first:last], b""
    at = first
    for edit in edits:
        if edit.span.end <= last:
            after += data[at : edit.span.start] + edit.new
            at = edit.span.end
    after += data[at:last]
    lead, rest = "…" if first > start else "", "…" if last < end else ""
    return Changed(line, *(f"{lead}{_text(part)}{rest}" for part in (before, after)))


def _window(data: bytes, start: int, end: int, span: Span) -> tuple[int, int]:
    """The bytes of a line that are kept, ``span`` among them. No character is cut in two."""
    if end - start <= _KEPT:
        return start, end
    first = max(start, span.start - _BEFORE)
    last = min(end, max(span.end, first + _KEPT))
    while first < span.start and data[first] in CONTINUATION:
        first += 1
    while last < end and data[last] in CONTINUATION:
        last += 1
    return first, last


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")


def sentences(record: Record) -> str:
    """What a finding says where there is room for one text: the reference, what is wrong, what to do.

    It is one line, safe to print.
    """
    name, message = record.reference, record.message
    if name is not None and name not in message:
        message = f"{brief(name, _KEPT)}: {message}"
    return printable(f"{message}. {record.hint[:1].upper()}{record.hint[1:]}.")
