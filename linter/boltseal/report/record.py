"""A finding as plain data: what every form of a report is made of, free of the file's bytes."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from boltseal.edit import Edit
from boltseal.finding import Finding, Severity, Suppression
from boltseal.source import Source, Span

_SNIPPET = 400
"""Characters of a line that are kept."""


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
    """A line as it is and as a fix would have it, both without their end."""

    line: int
    before: str
    after: str


class Record(NamedTuple):
    """One finding.

    ``reference`` is as written, ``resolved_reference`` what it means; both are None for a finding
    about a whole file, and so are ``place`` and ``route``. ``snippet`` is the line on which it
    starts. ``fingerprint`` stays the same when lines move: it is made of the path, the rule, the
    reference and how many alike stand before it in the file.
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


def records(findings: Iterable[Finding]) -> Iterator[Record]:
    """The records of the findings of one file."""
    alike: dict[tuple[str, str], int] = {}
    for finding in findings:
        what = (finding.rule, finding.use.text if finding.use else finding.message)
        alike[what] = alike.get(what, 0) + 1
        yield _record(finding, _fingerprint(finding.source.path, *what, alike[what]))


def region(source: Source, span: Span) -> Region:
    """Where a span of a file is."""
    start, end = source.position(span.start), source.position(span.end)
    return Region(start.line, start.column, end.line, end.column, span.start, span.end - span.start)


def _fingerprint(path: str, rule: str, what: str, number: int) -> str:
    text = "\0".join((path, rule, what, str(number)))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _record(finding: Finding, fingerprint: str) -> Record:
    source, use = finding.source, finding.use
    where = region(source, finding.span)
    edits = finding.fix.edits if finding.fix else ()
    return Record(
        finding.rule,
        finding.severity,
        finding.message,
        finding.hint,
        source.path,
        where,
        source.line_text(where.line)[:_SNIPPET] if source.data else "",
        fingerprint,
        use.place if use else None,
        use.route if use else None,
        use.text if use else None,
        use.image.canonical if use and use.image else None,
        str(finding.fix_safety) if finding.fix_safety else None,
        tuple(
            Replacement(region(source, edit.span), edit.new.decode("utf-8", "replace"))
            for edit in edits
        ),
        tuple(narrowed(it, _SNIPPET) for it in changed(source, edits)),
        tuple(
            Step(it.label, (it.source or source).path, region(it.source or source, it.span))
            for it in finding.related
        ),
        finding.suppression,
    )


def changed(source: Source, edits: Iterable[Edit]) -> Iterator[Changed]:
    """The lines that edits change, in order. No edit of a fix takes a line away or adds one."""
    lines: dict[int, list[Edit]] = {}
    for edit in sorted(set(edits)):
        lines.setdefault(source.line_of(edit.span.start), []).append(edit)
    for line, on_it in lines.items():
        start = source.line_start(line)
        end = source.data.find(b"\n", on_it[-1].span.end)
        before = source.data[start:] if end < 0 else source.data[start:end]
        after, at = b"", 0
        for edit in on_it:
            after += before[at : edit.span.start - start] + edit.new
            at = edit.span.end - start
        yield Changed(line, _text(before), _text(after + before[at:]))


def narrowed(line: Changed, width: int) -> Changed:
    """A long line cut to about ``width`` characters around what differs, with ``…`` at the cuts."""
    before, after = line.before, line.after
    if max(len(before), len(after)) <= width:
        return line
    shorter = min(len(before), len(after))
    same = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    tail = next((at for at in range(shorter - same) if before[~at] != after[~at]), shorter - same)
    start = max(0, same - width // 4)
    # What a fix writes is shown whole; in a file of a single line, two edits may be far apart.
    stop = max(start + width, min(len(after) - tail, start + 2 * width))
    return Changed(line.line, _cut(before, start, start + width), _cut(after, start, stop))


def _cut(text: str, start: int, stop: int) -> str:
    return f"{'…' if start else ''}{text[start:stop]}{'…' if stop < len(text) else ''}"


def _text(line: bytes) -> str:
    return line.decode("utf-8-sig", "replace").rstrip("\r")
