"""A run as SARIF 2.1.0 (OASIS), as code scanning services take it."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from boltseal import __version__
from boltseal.check import Rule
from boltseal.edit import Safety
from boltseal.finding import Origin, Severity, Suppression
from boltseal.page import Page
from boltseal.printable import printable
from boltseal.report.ascii_json import spread
from boltseal.report.record import Record, sentences
from boltseal.report.sarif_location import Locations
from boltseal.report.sarif_rule import descriptor
from boltseal.report.summary import Summary

MAX_RESULTS = 25_000
"""Results of a run beyond which GitHub refuses a report."""
MAX_STEPS = 100
"""Related locations of a result; GitHub shows no more, and refuses a report with 1,000."""
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}

Object = dict[str, object]


class _Run(NamedTuple):
    """What the results of one run share."""

    numbers: Mapping[str, int]
    locations: Locations


def document(summary: Summary, rules: Mapping[Rule, Page]) -> Iterator[str]:
    """The lines of the report, one a result. ``rules`` has at least those of the findings.

    Where there are more results than a service takes, the gravest are kept, those that are
    accepted last, and a notification tells how many are left out.
    """
    kept = _kept(summary.records)
    numbers = {rule.name: number for number, rule in enumerate(rules)}
    run = _Run(numbers, Locations())
    driver = {
        "name": "boltseal",
        "semanticVersion": __version__,
        "informationUri": f"pkg:generic/boltseal@{__version__}",  # a package URL (ECMA-427)
        "rules": [descriptor(rule, page) for rule, page in rules.items()],
    }
    frame = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [_invocation(summary, kept)],
                "columnKind": "unicodeCodePoints",
                "defaultEncoding": "UTF-8",
                "results": [],
            }
        ],
    }
    return spread(frame, (_result(run, record) for record in kept))


def _kept(records: Sequence[Record]) -> Sequence[Record]:
    """Those that are reported, in their order."""
    if len(records) <= MAX_RESULTS:
        return records

    def rank(number: int) -> tuple[bool, int]:
        record = records[number]
        return record.suppression is not None, _RANK[record.severity]

    numbers = sorted(range(len(records)), key=rank)[:MAX_RESULTS]
    return [records[number] for number in sorted(numbers)]


def _invocation(summary: Summary, kept: Sequence[Record]) -> Object:
    notes = [_notification("error", f"A bug in boltseal: {bug}") for bug in summary.bugs]
    left_out = len(summary.records) - len(kept)
    if left_out:
        text = (
            f"{left_out} of {len(summary.records)} findings are left out: services take no more "
            f"than {MAX_RESULTS}. The report in the form 'json' has them all"
        )
        notes.append(_notification("warning", text))
    cut = sum(len(record.steps) > MAX_STEPS for record in kept)
    if cut:
        text = f"Related places beyond {MAX_STEPS} are left out; findings that have more: {cut}"
        notes.append(_notification("warning", text))
    return {"executionSuccessful": not summary.bugs, "toolExecutionNotifications": notes}


def _notification(level: str, text: str) -> Object:
    return {"level": level, "message": _message(f"{text}.")}


def _result(run: _Run, record: Record) -> Object:
    result: Object = {
        "ruleId": record.rule,
        "ruleIndex": run.numbers[record.rule],
        "level": str(record.severity),
        "message": _message(sentences(record)),
        "locations": [run.locations.of_finding(record)],
        "partialFingerprints": {"boltseal/v1": record.fingerprint},
        "suppressions": [_suppression(record.suppression)] if record.suppression else [],
    }
    if record.steps:
        result["relatedLocations"] = [
            {"id": number, "message": _message(step.label), **run.locations.of_step(step)}
            for number, step in enumerate(record.steps[:MAX_STEPS], 1)
        ]
    if record.replacements:
        result["fixes"] = [_fix(run, record)]
    return result


def _fix(run: _Run, record: Record) -> Object:
    text = "Write the digest of the image."
    if record.fix_safety == Safety.UNSAFE:
        text += " This is unsafe: the message says what it can break."
    changes = {
        "artifactLocation": run.locations.artifact(record.path),
        "replacements": [
            {
                "deletedRegion": run.locations.region(it.region),
                # Once for readers that count characters, once for those that count bytes: a
                # region in bytes asks for bytes (3.57.2).
                "insertedContent": {
                    "text": it.text,
                    "binary": b64encode(it.text.encode()).decode(),
                },
            }
            for it in record.replacements
        ],
    }
    return {"description": {"text": text}, "artifactChanges": [changes]}


def _suppression(suppression: Suppression) -> Object:
    kind = "inSource" if suppression.origin is Origin.COMMENT else "external"
    made: Object = {
        "kind": kind,
        "status": "accepted",
        "properties": {
            "origin": str(suppression.origin),
            "where": printable(suppression.where),
        },
    }
    if suppression.reason:
        made["justification"] = printable(suppression.reason)
    return made


def _message(text: str) -> Object:
    # Braces are doubled, or they are places for arguments (3.11.5). What a file says is no link:
    # one begins where a closing bracket meets an opening one (3.11.6).
    text = printable(text).replace("{", "{{").replace("}", "}}")
    return {"text": text.replace("](", "] (")}
