"""Findings are counted by what they are about, wherever they were counted."""

import json
import pickle

from boltseal.edit import Safety
from boltseal.engine import judge
from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.report.statistics import MOST, Counts, Row, document, lines
from boltseal.source import Source, Span
from boltseal.style import Style
from tests.tools import KNOWLEDGE, inspected

PLAIN = Style(colours=False)
BROKEN = Finding("unparsable-file", Severity.ERROR, "m", "h", Source("f", b""), Span(0, 0))


def found(*images: str) -> list[Finding]:
    text = "".join(f"FROM {image}\n" for image in images)
    return list(judge(KNOWLEDGE, inspected("Dockerfile", text)))


def counted(*files: list[Finding]) -> Counts:
    counts = Counts()
    for findings in files:
        one = Counts()
        for finding in findings:
            one.add(finding)
        one.end_file()
        counts.join(pickle.loads(pickle.dumps(one)))
    return counts


def test_findings_are_counted_by_rule_registry_and_image() -> None:
    counts = counted(found("a:1", "a:2", "b", "registry.example.com/x/y:1"), [], [BROKEN])
    assert counts.rules == {
        "mutable-tag": Row(3, 3),
        "implicit-latest": Row(1, 1),
        "unparsable-file": Row(1),
    }
    assert counts.registries == {
        "docker.io": Row(3, 3),
        "registry.example.com": Row(1, 1),
        None: Row(1),
    }
    assert counts.images == {
        "docker.io/library/a": Row(2, 2),
        "docker.io/library/b": Row(1, 1),
        "registry.example.com/x/y": Row(1, 1),
        None: Row(1),
    }
    assert (counts.files, counts.affected, counts.total) == (3, 2, Row(5, 4))


def test_notes_are_said_to_be_among_the_findings() -> None:
    note = BROKEN._replace(severity=Severity.NOTE)
    counts = counted([note, note, BROKEN], [note])
    assert (*lines(counts, PLAIN),)[-1].startswith(
        "4 findings, 3 notes among them, in 2 of 2 files;"
    )
    assert json.loads(document(counts))["notes"] == 3
    assert "among" not in (*lines(counted([BROKEN]), PLAIN),)[-1]


def test_what_is_accepted_is_counted_apart() -> None:
    one, other = found("a:1", "b:1")
    accepted = other._replace(suppression=Suppression(Origin.COMMENT))
    counts = counted([one, accepted], [accepted])
    assert (counts.total.findings, counts.accepted, counts.affected) == (1, 2, 1)
    assert list(counts.images) == ["docker.io/library/a"]


def test_the_tables_are_aligned_with_the_most_first() -> None:
    unsafe = found("c:1")[0]._replace(fix_safety=Safety.UNSAFE)
    assert list(lines(counted(found("b:1", "a:1", "b:2"), [unsafe, BROKEN]), PLAIN)) == [
        "findings  fixable  unsafe  rule",
        "       4        3       1  mutable-tag",
        "       1        0       0  unparsable-file",
        "",
        "findings  fixable  unsafe  registry",
        "       4        3       1  docker.io",
        "       1        0       0  (not known from the file)",
        "",
        "findings  fixable  unsafe  image",
        "       2        2       0  docker.io/library/b",
        "       1        1       0  docker.io/library/a",
        "       1        0       1  docker.io/library/c",
        "       1        0       0  (not known from the file)",
        "",
        "5 findings in 2 of 2 files; 3 fixable with 'boltseal fix', 1 more with --unsafe-fixes.",
    ]


def test_no_column_is_shown_for_what_there_is_not() -> None:
    shown = list(lines(counted(found("a:1")), PLAIN))
    assert shown[:2] == ["findings  fixable  rule", "       1        1  mutable-tag"]
    assert shown[-1] == "1 finding in 1 of 1 file; 1 fixable with 'boltseal fix'."


def test_a_long_table_says_how_much_more_there_is() -> None:
    images = [f"a{number:02}:1" for number in range(MOST + 2)]
    shown = list(lines(counted(found(*images, *images[:-1])), PLAIN))
    assert "       3           in 2 more" in shown
    assert sum("docker.io/library/" in line for line in shown) == MOST
    assert len(json.loads(document(counted(found(*images))))["images"]) == MOST + 2


def test_a_clean_tree_is_one_line() -> None:
    assert list(lines(counted([], []), PLAIN)) == ["No findings in 2 files."]
    accepted = BROKEN._replace(suppression=Suppression(Origin.BASELINE))
    assert list(lines(counted([accepted]), PLAIN)) == ["No findings in 1 file; 1 known."]


def test_names_of_files_reach_a_terminal_as_text() -> None:
    hostile = BROKEN._replace(rule="\x1b[31m\u202e")
    shown = "\n".join(lines(counted([hostile]), PLAIN))
    assert "\\x1b[31m\\u202e" in shown
    assert document(counted([hostile])).isascii()


def test_the_document_has_the_numbers_of_the_tables() -> None:
    assert json.loads(document(counted(found("a:1"), [BROKEN]))) == {
        "files": 2,
        "files_with_findings": 2,
        "findings": 2,
        "fixable": 1,
        "unsafe": 0,
        "notes": 0,
        "accepted": 0,
        "known": 0,
        "rules": [
            {"name": "mutable-tag", "findings": 1, "fixable": 1, "unsafe": 0},
            {"name": "unparsable-file", "findings": 1, "fixable": 0, "unsafe": 0},
        ],
        "registries": [
            {"name": "docker.io", "findings": 1, "fixable": 1, "unsafe": 0},
            {"name": None, "findings": 1, "fixable": 0, "unsafe": 0},
        ],
        "images": [
            {"name": "docker.io/library/a", "findings": 1, "fixable": 1, "unsafe": 0},
            {"name": None, "findings": 1, "fixable": 0, "unsafe": 0},
        ],
    }
