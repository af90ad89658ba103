"""Findings and uses as JSON lines: the contract with programs, described in ``docs/schema``."""

from boltseal.report.ascii_json import dump
from boltseal.report.record import Record, Region, Replacement, Step, steps
from boltseal.use import ImageUse

PINNED = "pinned"
MUTABLE = "mutable"
UNRESOLVABLE = "unresolvable"


def status(use: ImageUse) -> str:
    """``pinned`` by digest, ``mutable`` where a tag or nothing says which, else ``unresolvable``."""
    if use.image is None:
        return UNRESOLVABLE
    return PINNED if use.image.is_pinned else MUTABLE


def record_line(record: Record) -> str:
    """One finding as one JSON object on one line, without its line end."""
    return dump(finding_object(record))


def finding_object(record: Record) -> dict[str, object]:
    """One finding as a JSON object."""
    where = record.region
    return {
        "rule": record.rule,
        "severity": str(record.severity),
        "path": record.path,
        **_lines(where),
        "place": record.place,
        "route": record.route,
        "reference": record.reference,
        "resolved_reference": record.resolved_reference,
        "message": record.message,
        "hint": record.hint,
        "fixable": record.fix_safety is not None,
        "fix_safety": record.fix_safety,
        "related": [_step(step) for step in record.steps],
        "fingerprint": record.fingerprint,
        "suppressed": record.suppression and record.suppression._asdict(),
        "fix": {"edits": [_edit(it) for it in record.replacements]}
        if record.replacements
        else None,
    }


def _lines(where: Region) -> dict[str, object]:
    return {
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "path": step.path,
        "line": step.region.line,
        "column": step.region.column,
        "label": step.label,
    }


def _edit(replacement: Replacement) -> dict[str, object]:
    where = replacement.region
    return {
        **_lines(where),
        "offset": where.offset,
        "length": where.length,
        "text": replacement.text,
    }


def use_line(use: ImageUse) -> str:
    """One use as one JSON object on one line, without its line end."""
    start = use.source.position(use.span.start)
    image = use.image
    return dump(
        {
            "path": use.source.path,
            "line": start.line,
            "column": start.column,
            "place": use.place,
            "route": use.route,
            "reference": use.text,
            "resolved_reference": image.canonical if image else None,
            "registry": image.registry if image else None,
            "repository": image.repository if image else None,
            "tag": image.tag if image else None,
            "digest": image.digest if image else None,
            "status": status(use),
            "related": [_step(step) for step in steps(use.related, use.source)],
            "artifact": use.artifact,
        }
    )
