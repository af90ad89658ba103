from boltseal.edit import Safety
from boltseal.finding import Finding, Severity
from boltseal.source import Source, Span
from boltseal.tally import Exit, Tally

FINDING = Finding("r", Severity.WARNING, "m", "h", Source("f", b""), Span(0, 0))
NOTE = FINDING._replace(severity=Severity.NOTE)
UNRESOLVED = FINDING._replace(unresolved=True)


def code(*findings: Finding) -> Exit:
    tally = Tally()
    for finding in findings:
        tally.add(finding)
    return tally.exit


def test_the_codes_are_a_contract() -> None:
    assert {name: int(value) for name, value in Exit.__members__.items()} == {
        "CLEAN": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "UNRESOLVED": 3,
        "BUG": 4,
    }


def test_notes_do_not_fail_a_run() -> None:
    assert code() is Exit.CLEAN
    assert code(NOTE, NOTE) is Exit.CLEAN


def test_findings_fail_a_run() -> None:
    assert code(NOTE, FINDING) is Exit.FINDINGS
    assert code(FINDING._replace(severity=Severity.ERROR)) is Exit.FINDINGS


def test_unresolved_shows_only_where_nothing_is_worse() -> None:
    assert code(UNRESOLVED, NOTE, UNRESOLVED) is Exit.UNRESOLVED
    assert code(UNRESOLVED, FINDING) is Exit.FINDINGS


def test_fixes_are_counted_by_safety() -> None:
    tally = Tally()
    for safety in (Safety.SAFE, Safety.UNSAFE, Safety.SAFE, None):
        tally.add(FINDING._replace(fix_safety=safety))
    assert (tally.safe, tally.unsafe, tally.failing) == (2, 1, 4)
