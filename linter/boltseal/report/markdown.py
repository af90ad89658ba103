"""A run as Markdown: a comment on a pull request, or the summary of a job.

Nothing from a file or a registry is markup in it, mentions anybody or links to anything.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from boltseal.finding import Severity
from boltseal.printable import brief, printable
from boltseal.report.record import Record
from boltseal.report.summary import Sealed, Summary
from boltseal.report.text import count

MARK = "<!-- boltseal -->"
"""The first line: not shown, and by it a workflow finds the comment that it made before."""
_LIMIT = 65_536
"""What GitHub takes as a comment, in characters; counted here are bytes, which are never fewer."""
_RESERVE = 512
"""What is kept free of it for the last lines."""
_OPEN_ROWS = 8
"""A table with more rows is folded."""
_PLACES = 4
"""Places of one image that are named; the others are counted."""
_DIGEST = len("sha256:") + 12
_DIGEST_BEHIND = re.compile(r"@(\w+:[0-9A-Fa-f]+)\Z")
_LONG_CODE = 300
_LONG_WORDS = 500
_QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
_MARKUP = re.compile(r"[\\`*_\[\]<>&~$]")
# What GitHub makes links and pictures of in plain text: mentions, issues, addresses, emoji.
_LIVE = re.compile(r"[@#]|:(?=//|[\w+-]+:)|\b(?:[Ww]{3}(?=\.)|GH(?=-\d))")
_ZERO_WIDTH_SPACE = "\u200b"


class _Block(NamedTuple):
    """Rows between the lines that open and close them. ``noun`` is what a row is about."""

    noun: str
    opening: tuple[str, ...]
    rows: tuple[str, ...]
    closing: tuple[str, ...] = ("",)


def document(summary: Summary) -> Iterator[str]:
    """The lines of the document, which is short enough for a comment on GitHub.

    First what was sealed, each image once with the places where it is used; then what is left, by
    rule and hint; at the end the references, whole. Accepted findings are counted, and so is what
    finds no room.
    """
    left = _left(summary)
    head = [MARK, f"### {_headline(summary, left)}", "", *_counts(summary, left), *_bugs(summary)]
    sealed = summary.sealed
    yield from _within_limit(head, [*_images(sealed), *_findings(left), *_references(sealed)])
    if left:
        yield "`boltseal rule NAME` explains a rule, and how to accept what it finds."


def _left(summary: Summary) -> list[Record]:
    """The findings that are not accepted; of a dry run those that it would not seal."""
    made: dict[tuple[str, int, str | None], set[str]] = {}
    for it in summary.sealed if summary.dry else ():
        made.setdefault((it.path, it.line, it.place), set()).add(it.digest)
    return [
        it
        for it in summary.records
        if it.suppression is None
        and not _writes(it, made.get((it.path, it.region.line, it.place), ()))
    ]


def _writes(record: Record, digests: Iterable[str]) -> bool:
    """Whether the fix of a finding writes one of the digests."""
    return any(digest in it.text for it in record.replacements for digest in digests)


def _headline(summary: Summary, left: Sequence[Record]) -> str:
    if summary.sealed:
        done = "would seal" if summary.dry else "sealed"
        files = count(len({it.path for it in summary.sealed}), "file")
        return f"boltseal {done} {count(len(summary.sealed), 'image use')} in {files}"
    notes = sum(record.severity is Severity.NOTE for record in left)
    parts = [count(len(left) - notes, "finding")] if len(left) > notes else []
    parts += [count(notes, "note")] if notes else []
    return f"boltseal: {', '.join(parts) or 'no findings'} in {count(summary.tally.files, 'file')}"


def _counts(summary: Summary, left: Sequence[Record]) -> Iterator[str]:
    """One line of numbers, where there is anything to count."""
    numbers = {it: sum(record.severity is it for record in left) for it in Severity}
    parts = [count(number, str(severity)) for severity, number in numbers.items() if number]
    if parts and summary.sealed:
        parts[0] = f"Left: {parts[0]}"
    tally = summary.tally
    if tally.unresolved:
        parts.append(f"{tally.unresolved} that could not be resolved")
    for safety, option in (("safe", ""), ("unsafe", " --unsafe-fixes")):
        fixable = sum(it.fix_safety == safety and not it.unresolved for it in left)
        if fixable:
            parts.append(f"{fixable} fixable with `boltseal fix{option}`")
    unseen = {"accepted": tally.accepted, "known": tally.known}
    parts += [f"{number} {word}" for word, number in unseen.items() if number]
    if parts:
        yield from (f"{', '.join(parts)}.", "")


def _bugs(summary: Summary) -> Iterator[str]:
    for bug in summary.bugs[:_OPEN_ROWS]:
        yield from (f"**A bug in boltseal**: {_prose(bug)}", "")


# What is shown in tables


def _images(sealed: Sequence[Sealed]) -> Iterator[_Block]:
    """A row for each image, with the places where it is used."""
    images: dict[tuple[str, str], list[Sealed]] = {}
    for it in sealed:
        images.setdefault((it.before, it.digest), []).append(it)
    if images:
        rows = [
            (_code(_DIGEST_BEHIND.sub("", before)), _digest_cell(before, digest), _places(uses))
            for (before, digest), uses in images.items()
        ]
        yield _table("image", ("image", "digest", "where"), rows)


def _references(sealed: Sequence[Sealed]) -> Iterator[_Block]:
    """The references as they are written, whole, to be copied."""
    references = tuple(printable(it) for it in dict.fromkeys(it.after for it in sealed))
    if references:
        fence = "`" * max(3, 1 + max(map(_longest_run, references)))
        opening = ("<details>", "<summary>The references as they are written</summary>", "")
        closing = (fence, "", "</details>", "")
        yield _Block("reference", (*opening, f"{fence}text"), references, closing)


def _findings(left: Sequence[Record]) -> Iterator[_Block]:
    """A table for each rule and hint, those first that matter most.

    Hints that are given once alone share a table, and stand in its rows.
    """
    given = Counter((record.severity, record.rule, record.hint) for record in left)
    groups: dict[tuple[Severity, str, str], list[Record]] = {}
    for severity in Severity:
        for record in left:
            if record.severity is severity:
                key = severity, record.rule, record.hint
                groups.setdefault(key if given[key] > 1 else (*key[:2], ""), []).append(record)
    for (severity, rule, hint), records in groups.items():
        title = f"**{_prose(rule)}** ({count(len(records), str(severity))})"
        shared = hint or (records[0].hint if len(records) == 1 else "")
        rows = [
            (
                _code(f"{record.path}:{record.region.line}"),
                _code(record.reference or ""),
                _what(record, hint_too=not shared),
            )
            for record in records
        ]
        block = _table(str(severity), ("where", "image", "what"), rows)
        opening = f"{title}: {_prose(shared)}" if shared else title
        yield block._replace(opening=(opening, "", *block.opening))


def _what(record: Record, *, hint_too: bool) -> str:
    """What is wrong, and what to do where no title says it."""
    message = record.message.removesuffix(f" ({record.reference})")
    return _prose(f"{message}; {record.hint}" if hint_too else message)


def _table(noun: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> _Block:
    # A bar ends a cell wherever it stands, in code too (GFM, 4.10).
    lines = tuple(_row(cell.replace("|", "\\|") for cell in row) for row in rows)
    head = (_row(columns), _row("---" for _ in columns))
    if len(lines) <= _OPEN_ROWS:
        return _Block(noun, head, lines)
    folded = ("<details>", f"<summary>{count(len(lines), noun)}</summary>", "")
    return _Block(noun, (*folded, *head), lines, ("", "</details>", ""))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _places(uses: Sequence[Sealed]) -> str:
    named = [_code(f"{it.path}:{it.line}") for it in uses[:_PLACES]]
    more = len(uses) - _PLACES
    return "<br>".join([*named, f"and {more} more"] if more > 0 else named)


def _digest_cell(before: str, digest: str) -> str:
    """The new digest, after the old one where there was one."""
    old = _DIGEST_BEHIND.search(before)
    return f"{_short(old[1])} → {_short(digest)}" if old else _short(digest)


def _short(digest: str) -> str:
    return _code(f"{digest[:_DIGEST]}…" if len(digest) > _DIGEST else digest)


# What fits


def _within_limit(head: Sequence[str], blocks: Iterable[_Block]) -> Iterator[str]:
    yield from head
    room = _LIMIT - _RESERVE - _size(head)
    missing: dict[str, int] = {}
    for block in blocks:
        frame = _size((*block.opening, *block.closing))
        shown = _fitting(block.rows, room - frame)
        if shown:
            yield from (*block.opening, *block.rows[:shown], *block.closing)
            room -= frame + _size(block.rows[:shown])
        if shown < len(block.rows):
            missing[block.noun] = missing.get(block.noun, 0) + len(block.rows) - shown
    if missing:
        parts = [count(number, f"more {noun}") for noun, number in missing.items()]
        yield from (f"There is no room here for {', '.join(parts)}.", "")


def _fitting(rows: Sequence[str], room: int) -> int:
    """How many of the rows fit."""
    for number, row in enumerate(rows):
        room -= _size((row,))
        if room < 0:
            return number
    return len(rows)


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)


# Text that is only text


def _code(text: str) -> str:
    """``text`` as code, which nothing in it ends (CommonMark, 6.1)."""
    shown = brief(text, _LONG_CODE)
    if not shown:
        return ""
    fence = "`" * (1 + _longest_run(shown))
    # A space at both ends is taken off, unless there is nothing but spaces.
    space = " " if shown.strip(" ") and (shown[0] in "` " or shown[-1] in "` ") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _longest_run(text: str) -> int:
    """The most backticks in a row."""
    return max(map(len, re.findall("`+", text)), default=0)


def _prose(text: str) -> str:
    """A sentence: what it has in quotes as code, the rest as nothing but its characters."""
    parts = _QUOTED.split(brief(text, _LONG_WORDS))
    return "".join(_code(part) if at % 2 else _plain(part) for at, part in enumerate(parts))


def _plain(text: str) -> str:
    dead = _LIVE.sub(lambda match: match[0] + _ZERO_WIDTH_SPACE, text)
    return _MARKUP.sub(r"\\\g<0>", dead)
