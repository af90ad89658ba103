"""A JUnit report, read by others."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped

from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.printable import visible
from boltseal.report import junit
from boltseal.report.summary import Summary
from boltseal.report.trace import MOST
from boltseal.source import Source, Span
from boltseal.tally import Tally
from tests.reports import checked, report
from tests.tools import digest
from tests.workflow_commands import commands

# What each element may have inside, and its attributes: those that it must have come first. This is
# what Jenkins' xUnit plugin takes (jenkinsci/xunit-plugin, junit-10.xsd).
TAKES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors"},
        {
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
        },
    ),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"},
        {"name"},
        {"time", "classname", "group"},
    ),
    "failure": (set(), set(), {"type", "message"}),
    "error": (set(), set(), {"type", "message"}),
    "skipped": (set(), set(), {"type", "message"}),
    "system-out": (set(), set(), set()),
}


def text(summary: Summary) -> str:
    return "\n".join(junit.document(summary))


def read(summary: Summary) -> ET.Element:
    root = ET.fromstring(text(summary))
    assert root.tag == "testsuites"
    for element in root.iter():
        inside, must, may = TAKES[element.tag]
        assert {it.tag for it in element} <= inside
        assert must <= set(element.attrib) <= must | may
    for element in (root, *root.iter("testsuite")):
        counts = {
            "tests": len(list(element.iter("testcase"))),
            "failures": len(list(element.iter("failure"))),
            "errors": len(list(element.iter("error"))),
            "skipped": len(list(element.iter("skipped"))),
        }
        for name, number in counts.items():
            assert element.get(name, str(number)) == str(number)
    return root


def finding(words: str = "m", path: str = "f", severity: Severity = Severity.WARNING) -> Finding:
    return Finding("r", severity, words, words, Source(path, b"x:1\n"), Span(0, 3))


def outcomes(summary: Summary) -> dict[str, list[tuple[str, list[object]]]]:
    """The cases of each suite with what came of them, as junitparser reads them."""
    read(summary)
    return {
        suite.name: [(case.name, case.result) for case in suite]
        for suite in JUnitXml.fromstring(text(summary).encode())
    }


def test_each_finding_is_a_failure_in_the_suite_of_its_file() -> None:
    cases = outcomes(
        checked({"Dockerfile": "FROM x:1\nFROM y\n", "a/Dockerfile": "FROM scratch\n"})
    )
    assert list(cases) == ["Dockerfile", "boltseal"]
    assert [name for name, _ in cases["Dockerfile"]] == ["mutable-tag: x:1", "implicit-latest: y"]
    for _, (result,) in cases["Dockerfile"]:
        assert isinstance(result, Failure)
    assert cases["boltseal"] == [("files without findings", [])]


def test_a_failure_says_where_what_to_do_and_how() -> None:
    root = read(checked({"Dockerfile": "FROM x:1 AS y\n"}))
    (failure,) = root.iter("failure")
    assert failure.attrib == {
        "type": "mutable-tag",
        "message": "the tag '1' can be moved to another image",
    }
    assert (failure.text or "").split("\n") == [
        "Dockerfile:1:6: warning[mutable-tag]: the tag '1' can be moved to another image",
        "place: dockerfile, FROM AS y",
        "hint: run 'boltseal fix' to seal it to its digest",
        "   1 - FROM x:1 AS y",
        f"   1 + FROM x:1@{digest('docker.io/library/x:1')} AS y",
    ]


def test_a_failure_names_a_few_of_the_other_places() -> None:
    root = read(checked({"Dockerfile": "ARG X=x:1\n" + "FROM $X\n" * (MOST + 3)}))
    (failure,) = root.iter("failure")
    named = [it for it in (failure.text or "").split("\n") if it.startswith("read here: ")]
    assert named == [f"read here: Dockerfile:{line}:6" for line in range(2, 2 + MOST)]


def test_a_note_fails_nothing() -> None:
    ((name, result),) = outcomes(report([finding(severity=Severity.NOTE)]))["f"]
    assert name == "r: m"
    assert not any(isinstance(it, Failure | Error | Skipped) for it in result)


@pytest.mark.parametrize(
    ("suppression", "message"),
    [
        (Suppression(Origin.COMMENT, "ours", "f:3"), "accepted by comment (f:3): ours"),
        (Suppression(Origin.BASELINE), "accepted by baseline"),
    ],
)
def test_what_is_accepted_is_skipped_with_its_reason(
    suppression: Suppression, message: str
) -> None:
    ((_, (result,)),) = outcomes(report([finding()._replace(suppression=suppression)]))["f"]
    assert isinstance(result, Skipped)
    assert result.message == message


def test_a_bug_is_an_error_and_no_file_passes_for_it() -> None:
    cases = outcomes(report()._replace(bugs=("f: it broke",), tally=Tally(files=0)))
    ((name, (result,)),) = cases["boltseal"]
    assert name == "bug"
    assert isinstance(result, Error)
    assert result.message == "f: it broke"


@pytest.mark.parametrize("files", [0, 1, 7])
def test_a_run_without_findings_is_one_case_that_passed(files: int) -> None:
    assert outcomes(report(count=files)) == {"boltseal": [("files without findings", [])]}


def test_names_stay_when_lines_move_and_are_told_apart() -> None:
    before = outcomes(checked({"Dockerfile": "FROM x:1\nFROM x:1\n"}))
    after = outcomes(checked({"Dockerfile": "# new\n\nFROM x:1\n\nFROM x:1\n"}))
    names = [name for name, _ in before["Dockerfile"]]
    assert names == ["mutable-tag: x:1", "mutable-tag: x:1 (2)"]
    assert names == [name for name, _ in after["Dockerfile"]]


XML_HOSTILE = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from("<>&\"'\x00\x0b\x1b\x85\u2028\ufffe\uffff\U0001ffff]\n\t:#[")
)


@given(XML_HOSTILE, XML_HOSTILE, st.sampled_from(Severity))
def test_any_text_is_read_back_and_no_log_obeys_it(
    words: str, path: str, severity: Severity
) -> None:
    summary = report([finding(words, path or "f", severity)])._replace(bugs=(words,))
    root = read(summary)
    shown = visible(words).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    (error,) = root.iter("error")
    assert error.get("message") == shown
    assert root.findall("testsuite")[0].findall("testcase")[0].get("name") == f"r: {shown}"
    assert commands(text(summary)) == []


@pytest.mark.parametrize("words", ["##[error]x", "::error::x", "]]>", "<!--", "&amp;", "&#0;"])
def test_what_xml_or_a_log_would_obey_is_text(words: str) -> None:
    summary = report([finding(words, words)])
    (failure,) = read(summary).iter("failure")
    assert failure.get("message") == words
    assert (failure.text or "").startswith(f"{words}:1:1: ")
    assert commands(text(summary)) == []


def test_a_reference_with_half_a_character_is_reported() -> None:
    root = read(checked({"compose.yaml": '{"services": {"a": {"image": "x\\udd00:1"}}}'}))
    assert [case.get("name") for case in root.iter("testcase")] == ["invalid-reference: x\\udd00:1"]
