"""A run as a Code Quality report of GitLab (docs.gitlab.com, "Code Quality report format")."""

from collections.abc import Iterator

from boltseal.finding import Severity
from boltseal.report.ascii_json import spread
from boltseal.report.checkout import in_repository
from boltseal.report.record import Record, sentences
from boltseal.report.summary import Summary

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def document(summary: Summary) -> Iterator[str]:
    """The lines of the report, one a finding. GitLab knows no findings that are accepted."""
    active = (record for record in summary.records if record.suppression is None)
    return spread([], map(_degradation, active))


def _degradation(record: Record) -> dict[str, object]:
    return {
        "description": sentences(record),
        "check_name": record.rule,
        "fingerprint": record.fingerprint,
        "severity": _SEVERITY[record.severity],
        "location": {
            # GitLab matches paths with those of the repository: one outside it has no place.
            "path": in_repository(record.path),
            "lines": {"begin": record.region.line},
        },
    }
