"""A run as one JSON document, described in ``docs/schema``."""

from collections.abc import Iterator

from boltseal import __version__
from boltseal.report.ascii_json import spread
from boltseal.report.jsonl import finding_object
from boltseal.report.summary import Summary


def document(summary: Summary) -> Iterator[str]:
    """The lines of the document, one a finding; a finding has the keys of a JSON line."""
    frame = {
        "version": __version__,
        "command": summary.command,
        "dry_run": summary.dry,
        "summary": _counts(summary),
        "bugs": list(summary.bugs),
        "sealed": [sealed._asdict() for sealed in summary.sealed],
        "findings": [],
    }
    return spread(frame, map(finding_object, summary.records))


def _counts(summary: Summary) -> dict[str, int]:
    tally = summary.tally
    return {
        "files": tally.files,
        "findings": tally.failing,
        "notes": tally.notes,
        "unresolved": tally.unresolved,
        "suppressed": sum(record.suppression is not None for record in summary.records),
        "fixable": tally.safe,
        "fixable_unsafe": tally.unsafe,
        "sealed": len(summary.sealed),
    }
