"""Code Quality of GitLab, by what its documentation asks of a report."""

import json
from pathlib import Path
from typing import Any

import pytest

from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.report import gitlab
from boltseal.report.summary import Summary
from boltseal.source import Source
from tests.reports import findings, report

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def parsed(summary: Summary) -> Any:
    """A report, every finding of which has what GitLab requires."""
    text = "\n".join(gitlab.document(summary))
    assert text.isascii()
    rows = json.loads(text)
    assert isinstance(rows, list)
    for row in rows:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["description"]
        assert row["severity"] in SEVERITIES
        assert row["location"]["lines"]["begin"] >= 1
        assert not row["location"]["path"].startswith("./")
    prints = [row["fingerprint"] for row in rows]
    assert len(set(prints)) == len(prints)
    return rows


def one() -> Finding:
    (finding,) = findings("Dockerfile", "FROM nginx:1.27\n")
    return finding


def test_a_report_without_findings_is_an_empty_list() -> None:
    assert parsed(report()) == []


def test_a_finding_tells_its_image_its_rule_and_its_line() -> None:
    (row,) = parsed(report(findings("a/Dockerfile", "\nFROM nginx:1.27\n")))
    assert row["check_name"] == "mutable-tag"
    assert row["description"].startswith("nginx:1.27: the tag '1.27' can be moved")
    assert row["location"]["lines"] == {"begin": 2}
    assert row["location"]["path"].endswith("a/Dockerfile")


def test_what_is_alike_has_fingerprints_of_its_own() -> None:
    text = "FROM a:1\nFROM a:1\nFROM a:1\n"
    assert len(parsed(report(findings("x/Dockerfile", text), findings("Dockerfile", text)))) == 6


def test_severities_are_apart() -> None:
    rows = parsed(report([one()._replace(severity=severity) for severity in Severity]))
    assert [row["severity"] for row in rows] == ["critical", "major", "info"]


def test_accepted_findings_are_left_out() -> None:
    assert parsed(report([one()._replace(suppression=Suppression(Origin.BASELINE))])) == []


def test_no_description_steers() -> None:
    (row,) = parsed(report([one()._replace(message="\x1b[2J\u202e\n")]))
    assert row["description"].isprintable()


def test_paths_are_those_in_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    shown = ["./x", "../x", str(tmp_path / "é x"), "/elsewhere/x"]
    found = [[one()._replace(source=Source(path, b"FROM nginx:1.27"))] for path in shown]
    paths = [row["location"]["path"] for row in parsed(report(*found))]
    assert paths == ["inner/x", "x", "é x", "/elsewhere/x"]
