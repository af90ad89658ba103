"""A run as a JUnit report: a suite for each file with findings, and a case for each finding.

The form has no specification. Kept to is what the schema of Jenkins' xUnit plugin takes
(jenkinsci/xunit-plugin, junit-10.xsd), which other readers take as well.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from boltseal.finding import Severity, Suppression
from boltseal.printable import visible
from boltseal.report.record import Record
from boltseal.report.summary import Summary
from boltseal.report.trace import MOST

_ESCAPES = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
# A report may be shown in a log: what a service would take there for a command to it is broken up.
_COMMANDS = (("::", ":&#58;"), ("##", "#&#35;"))
_NO_CHARACTERS = {"\ufffe": "\\ufffe", "\uffff": "\\uffff"}
"""What is neither a control character nor one that XML 1.0 can hold (section 2.2)."""
_TABLE = str.maketrans(_ESCAPES | _NO_CHARACTERS)


class _Case(NamedTuple):
    """A test as JUnit counts them: ``outcome`` is the element inside, empty for one that passed."""

    name: str
    outcome: str = ""
    message: str = ""
    kind: str = ""
    lines: tuple[str, ...] = ()


def document(summary: Summary) -> Iterator[str]:
    """The lines of the report.

    A finding is a failure, a note is a case that passed, an accepted finding one that was skipped,
    with the reason; a bug in boltseal is an error. Files without findings are one case that
    passed. The name of a case stays the same when lines move, so that readers can tell what is new.
    """
    suites = list(_suites(summary))
    every = [case for _, cases in suites for case in cases]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="boltseal" {_counts(every)}>'
    for name, cases in suites:
        yield f'  <testsuite name="{_xml(name)}" {_counts(cases)} skipped="{_skipped(cases)}">'
        for case in cases:
            yield from _case_lines(name, case)
        yield "  </testsuite>"
    yield "</testsuites>"


def _suites(summary: Summary) -> Iterator[tuple[str, list[_Case]]]:
    files: dict[str, list[Record]] = {}
    for record in summary.records:
        files.setdefault(record.path, []).append(record)
    for path, records in files.items():
        yield path, list(_cases(records))
    own = [_Case("bug", "error", bug, "bug") for bug in summary.bugs]
    without = max(0, summary.tally.files - len(files))
    if without or not (files or own):
        own.append(_Case("files without findings", lines=(f"{without} of {summary.tally.files}",)))
    if own:
        yield "boltseal", own


def _cases(records: Sequence[Record]) -> Iterator[_Case]:
    alike: dict[str, int] = {}
    for record in records:
        name = f"{record.rule}: {record.reference or record.message}"
        number = alike[name] = alike.get(name, 0) + 1
        yield _case(name if number == 1 else f"{name} ({number})", record)


def _case(name: str, record: Record) -> _Case:
    if record.suppression:
        return _Case(name, "skipped", _accepted(record.suppression), record.rule)
    lines = tuple(_told(record))
    if record.severity is Severity.NOTE:
        return _Case(name, lines=lines)
    return _Case(name, "failure", record.message, record.rule, lines)


def _accepted(suppression: Suppression) -> str:
    where = f" ({suppression.where})" if suppression.where else ""
    reason = f": {suppression.reason}" if suppression.reason else ""
    return f"accepted by {suppression.origin}{where}{reason}"


def _told(record: Record) -> Iterator[str]:
    at = f"{record.path}:{record.region.line}:{record.region.column}"
    yield f"{at}: {record.severity}[{record.rule}]: {record.message}"
    for step in record.steps[:MOST]:
        yield f"{step.label}: {step.path}:{step.region.line}:{step.region.column}"
    if record.place:
        yield f"place: {record.place}, {record.route}"
    yield f"hint: {record.hint}"
    for line in record.changed:
        yield f"{line.line:>4} - {line.before}"
        yield f"{line.line:>4} + {line.after}"


def _case_lines(suite: str, case: _Case) -> Iterator[str]:
    told = "\n".join(map(_xml, case.lines))
    yield f'    <testcase name="{_xml(case.name)}" classname="{_xml(suite)}">'
    if case.outcome:
        kind = f'type="{_xml(case.kind)}" message="{_xml(case.message)}"'
        yield f"      <{case.outcome} {kind}>{told}</{case.outcome}>"
    else:
        yield f"      <system-out>{told}</system-out>"
    yield "    </testcase>"


def _counts(cases: Sequence[_Case]) -> str:
    failures = sum(case.outcome == "failure" for case in cases)
    errors = sum(case.outcome == "error" for case in cases)
    return f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'


def _skipped(cases: Sequence[_Case]) -> int:
    return sum(case.outcome == "skipped" for case in cases)


def _xml(text: str) -> str:
    escaped = visible(text).translate(_TABLE)
    for command, broken in _COMMANDS:
        escaped = escaped.replace(command, broken)
    return escaped
