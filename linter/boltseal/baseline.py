"""Findings that are known and not mended yet: a file of them, which may only shrink.

The file is JSON, an entry a line, sorted. An entry says in which file how many findings of a rule
there are about a reference: no line, so that moving them changes nothing. Paths are relative to the
folder of the file. Where a file has more alike findings than are known, those are new.
"""

import json
import os
import shlex
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from boltseal import files
from boltseal.errors import UsageError
from boltseal.finding import Finding, Origin, Suppression
from boltseal.printable import brief
from boltseal.standing import seen_from

_VERSION = 1
_MAX_SIZE = 16 * 1024 * 1024
"""Bytes: about 100 000 entries."""
_MOST = 1_000_000_000
"""Findings that an entry may stand for: more than files can hold, and a number that can be shown."""
_REFERENCE, _MESSAGE = "reference", "message"


class Alike(NamedTuple):
    """What findings of one file have in common that a baseline takes for the same.

    ``text`` is the reference with its defaults filled in, or, as ``subject`` says, the message of
    a finding that is about the file.
    """

    rule: str
    subject: str
    text: str


Counts = Mapping[Alike, int]


class Known(NamedTuple):
    """What is known of one file, at ``path`` as the baseline has it; ``where`` shows its file."""

    path: str
    counts: Counts
    where: str

    def mark(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of the file, with those accepted that are known and not accepted otherwise.

        Of more alike findings than are known, the first ones are taken for the known ones.
        """
        left = Counter(self.counts)
        for finding in findings:
            alike = _alike(finding)
            if finding.suppression or not left[alike]:
                yield finding
                continue
            left[alike] -= 1
            yield finding._replace(suppression=Suppression(Origin.BASELINE, where=self.where))


class Seen(NamedTuple):
    """What one file of a run had, for whoever gathers them: small, and can be pickled.

    ``counts`` leaves out what is accepted by a comment or the configuration. ``whole`` is False
    where a part of the file could not be read, so that nothing in it can be called gone.
    """

    path: str
    counts: Counts
    whole: bool = True


class Baseline(NamedTuple):
    """The known findings of a tree.

    ``folder`` is the real folder of ``file``; ``data`` is what was read of it.
    """

    file: str
    folder: str
    known: Mapping[str, Counts]
    data: bytes = b""

    @property
    def shown(self) -> str:
        """The file as it is shown, and can be typed."""
        return shlex.quote(brief(self.file, 200))

    def of(self, path: str) -> Known:
        """What is known of the file at ``path``, relative to the current folder or absolute."""
        inside = seen_from(self.folder, path)
        return Known(inside, self.known.get(inside, {}), self.file)


def seen(path: str, findings: Iterable[Finding], *, whole: bool) -> Seen:
    """What a file had; ``path`` as its ``Known`` has it."""
    return Seen(
        path,
        dict(
            Counter(
                _alike(finding)
                for finding in findings
                if finding.suppression is None or finding.suppression.origin is Origin.BASELINE
            )
        ),
        whole,
    )


def _alike(finding: Finding) -> Alike:
    if finding.use is None:
        return Alike(finding.rule, _MESSAGE, finding.message)
    image = finding.use.image
    return Alike(finding.rule, _REFERENCE, image.original if image else finding.use.text)


# What a run makes of it


def gone(baseline: Baseline, run: Iterable[Seen], rules: Collection[str]) -> Baseline:
    """What is in the baseline and no longer in the tree, as far as the run can tell.

    Of files that it did not look at, only those that are no more are gone with all their entries;
    and only entries of ``rules``, those that were asked.
    """
    met = {it.path: it for it in run}
    lost: dict[str, Counts] = {}
    for path, counts in baseline.known.items():
        there = _there(baseline, path, met.get(path))
        if there is None:
            continue
        less = {
            alike: count - there.get(alike, 0)
            for alike, count in counts.items()
            if alike.rule in rules and count > there.get(alike, 0)
        }
        if less:
            lost[path] = less
    return baseline._replace(known=lost)


def _there(baseline: Baseline, path: str, met: Seen | None) -> Counts | None:
    """What a file has; None where that is not known."""
    if met is not None:
        return met.counts if met.whole else None
    return None if os.path.lexists(Path(baseline.folder, path)) else {}


def without(baseline: Baseline, lost: Baseline) -> Baseline:
    """The baseline without what is gone."""
    left = {
        path: {
            alike: count - lost.known.get(path, {}).get(alike, 0) for alike, count in counts.items()
        }
        for path, counts in baseline.known.items()
    }
    return baseline._replace(known=_positive(left))


def total(baseline: Baseline) -> int:
    """How many findings are in a baseline."""
    return sum(sum(counts.values()) for counts in baseline.known.values())


def gone_line(lost: Baseline) -> str:
    """What to say of entries that are gone; nothing where none is."""
    number = total(lost)
    if not number:
        return ""
    what = "1 known finding is" if number == 1 else f"{number} known findings are"
    them = "it" if number == 1 else "them"
    return (
        f"{what} gone from the tree and still in {lost.shown}; "
        f"drop {them} with 'boltseal check --baseline {lost.shown} --shrink-baseline'"
    )


# The file


def load(path: str) -> Baseline:
    """The baseline in the file at ``path``. Raises UsageError where there is none or it is broken."""
    empty = nothing(path)
    if not os.path.lexists(path):
        raise UsageError(
            f"{empty.shown}: no such baseline; to write one with all that is found now, run "
            f"'boltseal check --baseline {empty.shown} --create-baseline'"
        )
    try:
        data = files.read(path, _MAX_SIZE, follow=True)
    except files.Unreadable as error:
        raise UsageError(f"{empty.shown}: {error.reason}") from None
    return empty._replace(known=_parsed(data, empty.shown), data=data)


def create(path: str, run: Iterable[Seen]) -> Baseline:
    """Write a new file with all that a run has seen. Raises UsageError, where it exists too."""
    known = _positive({it.path: it.counts for it in run})
    baseline = nothing(path)._replace(known=known)
    refuse_existing(path)
    try:
        files.create(path, _written(baseline))
    except files.WriteRefused as error:
        raise UsageError(f"{baseline.shown}: not written: {error.reason}") from None
    return baseline


def refuse_existing(path: str) -> None:
    """Raise UsageError where there is a file already, before a run that would be for nothing."""
    if os.path.lexists(path):
        shown = nothing(path).shown
        raise UsageError(
            f"{shown} exists, and a baseline may only shrink: drop what is gone with "
            "--shrink-baseline, or delete the file to begin anew"
        )


def shrink(baseline: Baseline, lost: Baseline) -> None:
    """Write the file without what is gone. Raises UsageError where it cannot be written."""
    if not lost.known:
        return
    try:
        files.write(baseline.file, _written(without(baseline, lost)), expected=baseline.data)
    except files.WriteRefused as error:
        raise UsageError(f"{baseline.shown}: not written: {error.reason}") from None


def nothing(path: str) -> Baseline:
    """A baseline without findings, that is to be in the file at ``path``."""
    return Baseline(path, str(Path(os.path.realpath(path)).parent), {})


def _positive(known: Mapping[str, Counts]) -> Mapping[str, Counts]:
    kept = {
        path: {alike: count for alike, count in counts.items() if count > 0}
        for path, counts in known.items()
    }
    return {path: counts for path, counts in kept.items() if counts}


def _written(baseline: Baseline) -> bytes:
    """The bytes of the file: ASCII, so that no character of a name can hide in a review."""
    rows = [
        json.dumps({"path": path, "rule": it.rule, it.subject: it.text, "count": count})
        for path, counts in sorted(baseline.known.items())
        for it, count in sorted(counts.items())
    ]
    inside = ",\n".join(rows)
    text = f'{{"version": {_VERSION}, "findings": [\n{inside}\n]}}\n'
    data = text.encode("ascii")
    if len(data) > _MAX_SIZE:
        raise UsageError(
            f"{baseline.shown}: not written: it would be larger than {_MAX_SIZE} bytes"
        )
    return data


def _parsed(data: bytes, shown: str) -> Mapping[str, Counts]:
    """The entries of a file. Of one that is there twice, as a merge may leave it, the smaller counts."""
    known: dict[str, dict[Alike, int]] = {}
    for number, row in enumerate(_rows(data, shown), 1):
        path, alike, count = _entry(row, f"{shown}: entry {number}")
        counts = known.setdefault(path, {})
        counts[alike] = min(count, counts.get(alike, count))
    return known


def _rows(data: bytes, shown: str) -> list[Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        if b"\n<<<<<<< " in data:
            raise UsageError(
                f"{shown}: a merge was left unfinished in it: keep the lines of both sides, "
                "without the marks, then run with --shrink-baseline"
            ) from None
        raise UsageError(f"{shown}: not JSON: {brief(str(error))}") from None
    version = document.get("version") if isinstance(document, dict) else None
    if version != _VERSION or isinstance(version, bool):
        raise UsageError(
            f"{shown}: not a baseline of version {_VERSION}, which this boltseal reads"
        )
    rows = document.get("findings")
    if not isinstance(rows, list) or document.keys() != {"version", "findings"}:
        raise UsageError(f"{shown}: a baseline has 'version' and 'findings', a list")
    return rows


def _entry(row: Any, where: str) -> tuple[str, Alike, int]:
    subject = _MESSAGE if isinstance(row, dict) and _MESSAGE in row else _REFERENCE
    if not isinstance(row, dict) or row.keys() != {"path", "rule", subject, "count"}:
        raise UsageError(f"{where} needs 'path', 'rule', 'reference' or 'message', and 'count'")
    texts = row["path"], row["rule"], row[subject]
    if not all(isinstance(text, str) for text in texts):
        raise UsageError(f"{where}: 'path', 'rule' and '{subject}' must be strings")
    count = row["count"]
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= _MOST:
        raise UsageError(f"{where}: 'count' must be a whole number from 1 to {_MOST}")
    return row["path"], Alike(row["rule"], subject, row[subject]), count
