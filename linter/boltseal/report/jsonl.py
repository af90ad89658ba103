"""Findings and uses as JSON lines: the contract with programs, described in ``docs/schema``."""

import json
from collections.abc import Iterable

from boltseal.finding import Finding
from boltseal.source import Source
from boltseal.use import ImageUse, Related

PINNED = "pinned"
MUTABLE = "mutable"
UNRESOLVABLE = "unresolvable"


def status(use: ImageUse) -> str:
    """``pinned`` by digest, ``mutable`` where a tag or nothing says which, else ``unresolvable``."""
    if use.image is None:
        return UNRESOLVABLE
    return PINNED if use.image.is_pinned else MUTABLE


def finding_line(finding: Finding) -> str:
    """One finding as one JSON object on one line, without its line end."""
    start = finding.source.position(finding.span.start)
    end = finding.source.position(finding.span.end)
    use = finding.use
    return _dump(
        {
            "rule": finding.rule,
            "severity": str(finding.severity),
            "path": finding.source.path,
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "place": use.place if use else None,
            "route": use.route if use else None,
            "reference": use.text if use else None,
            "resolved_reference": use.image.canonical if use and use.image else None,
            "message": finding.message,
            "hint": finding.hint,
            "fixable": finding.fix_safety is not None,
            "fix_safety": str(finding.fix_safety) if finding.fix_safety else None,
            "related": _related(finding.related, finding.source),
        }
    )


def use_line(use: ImageUse) -> str:
    """One use as one JSON object on one line, without its line end."""
    start = use.source.position(use.span.start)
    image = use.image
    return _dump(
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
            "related": _related(use.related, use.source),
            "artifact": use.artifact,
        }
    )


def _related(places: Iterable[Related], source: Source) -> list[dict[str, object]]:
    """The other places that take part, each with its file, line, column and what it does there."""
    found = []
    for place in places:
        position = (place.source or source).position(place.span.start)
        found.append(
            {
                "path": (place.source or source).path,
                "line": position.line,
                "column": position.column,
                "label": place.label,
            }
        )
    return found


def _dump(record: dict[str, object]) -> str:
    # ASCII only: no control or bidirectional character of a scanned file reaches a terminal.
    return json.dumps(record, ensure_ascii=True)
