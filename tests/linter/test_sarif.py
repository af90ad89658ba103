"""SARIF: held against the schema and the standard, by readers that are not ours where there are some."""

import gzip
import hashlib
import json
from base64 import b64decode
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.report import sarif
from boltseal.report.summary import Summary
from boltseal.source import BOM, Source, Span
from boltseal.use import Related
from boltseal_rules.knowledge import pages
from tests.reports import findings, fixed, report
from tests.tools import tree

ROOT = Path(__file__).parent.parent.parent
RULES = pages()
GOLDEN = ROOT / "tests" / "golden" / "before"

Json = Any


@lru_cache
def schema() -> jsonschema.Draft202012Validator:
    text = (ROOT / "tests" / "schemas" / "sarif-2.1.0.json").read_text()
    return jsonschema.Draft202012Validator(json.loads(text))


def parsed(summary: Summary) -> Json:
    """The one run of a report, which the schema is content with."""
    text = "\n".join(sarif.document(summary, RULES))
    assert text.isascii()
    log = json.loads(text)
    schema().validate(log)
    (run,) = log["runs"]
    return run


def results(*found: Finding) -> list[Json]:
    return list(parsed(report(found))["results"])


def one(data: bytes | str = "FROM nginx:1.27\n", path: str = "Dockerfile") -> Finding:
    (finding,) = findings(path, data)
    return finding


# Rules


def test_every_rule_is_told_with_its_page() -> None:
    rules = parsed(report())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.name for rule in RULES]
    for rule, (known, page) in zip(rules, RULES.items(), strict=True):
        assert rule["name"].isalnum()
        assert rule["name"].lower() == known.name.replace("-", "")
        assert rule["defaultConfiguration"]["level"] == known.severity
        assert page.fix in rule["help"]["markdown"]
        assert page.fix in rule["help"]["text"]


def test_only_rules_about_security_have_a_score() -> None:
    rules = parsed(report())["tool"]["driver"]["rules"]
    scored = {rule["id"] for rule in rules if "security-severity" in rule["properties"]}
    assert scored == {rule["id"] for rule in rules if "security" in rule["properties"]["tags"]}
    assert "mutable-tag" in scored
    assert "unparsable-file" not in scored


def test_a_result_leads_to_its_rule() -> None:
    run = parsed(report(findings("Dockerfile", "FROM a:1\nFROM b\nFROM $C\n")))
    assert len(run["results"]) == 3
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]


# Places


def test_a_region_is_the_same_in_characters_and_in_bytes() -> None:
    data = BOM + "# é😀\r\nFROM nginx:1.27 AS é\r\n".encode()
    (result,) = results(one(data))
    place = result["locations"][0]["physicalLocation"]
    region = place["region"]
    assert [region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")] == [
        *(2, 6),
        *(2, 16),
    ]
    start = region["byteOffset"]
    assert data[start : start + region["byteLength"]] == b"nginx:1.27"
    assert region["snippet"] == {"text": "nginx:1.27"}
    assert place["contextRegion"]["snippet"] == {"text": "FROM nginx:1.27 AS é"}


def test_a_long_line_is_shown_in_part_with_its_columns() -> None:
    text = "ENV " + "é" * 5000
    source = Source("f", text.encode() + b"x:1" + b"y" * 5000)
    span = Span(len(text.encode()), len(text.encode()) + 3)
    (result,) = results(one()._replace(source=source, span=span))
    place = result["locations"][0]["physicalLocation"]
    around = place["contextRegion"]
    assert place["region"]["snippet"] == {"text": "x:1"}
    shown = around["snippet"]["text"]
    assert len(shown) == around["endColumn"] - around["startColumn"] == 400
    assert shown.index("x:1") == place["region"]["startColumn"] - around["startColumn"]


@pytest.mark.parametrize("data", [b"", b"\n", BOM, b"\xff\xfe", b"x"])
def test_a_finding_about_a_file_has_a_region(data: bytes) -> None:
    source = Source("compose.yaml", data)
    finding = Finding("unparsable-file", Severity.ERROR, "m", "h", source, Span(0, 0))
    (result,) = results(finding)
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (1, 1, 1)
    assert "snippet" not in region


def test_the_line_around_a_finding_is_more_than_the_finding() -> None:
    (result,) = results(one()._replace(source=Source("f", b"nginx:1.27\n"), span=Span(0, 10)))
    assert "contextRegion" not in result["locations"][0]["physicalLocation"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a/Dockerfile", "a/Dockerfile"),
        ("./a//b", "a/b"),
        ("a b/é#?%.yaml", "a%20b/%C3%A9%23%3F%25.yaml"),
        ("c:d", "c%3Ad"),
        ("a\n\x1b\udcff", "a%0A%1B%FF"),
        ("[a]/{b}", "%5Ba%5D/%7Bb%7D"),
        ("a/../b", "b"),
    ],
)
def test_a_path_is_a_relative_uri(
    path: str, uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (result,) = results(one()._replace(source=Source(path, b"nginx:1.27")))
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_paths_are_below_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "inner").mkdir()
    monkeypatch.chdir(root / "inner")
    shown = ["x.yaml", "../x.yaml", str(root / "deep" / "x.yaml"), "../../é.yaml"]
    found = [one()._replace(source=Source(path, b"nginx:1.27")) for path in shown]
    artifacts = [
        it["locations"][0]["physicalLocation"]["artifactLocation"] for it in results(*found)
    ]
    outside = (tmp_path / "é.yaml").resolve().as_uri()
    assert [it["uri"] for it in artifacts] == ["inner/x.yaml", "x.yaml", "deep/x.yaml", outside]
    assert "uriBaseId" not in artifacts[-1]


def test_other_places_that_take_part_are_told() -> None:
    (result,) = results(*findings("Dockerfile", "ARG TAG=1.27\nFROM nginx:${TAG}\n"))
    (related,) = result["relatedLocations"]
    assert related["id"] == 1
    assert related["message"]["text"]
    assert related["physicalLocation"]["region"]["startLine"] == 1


# Messages


def test_a_message_tells_the_image_what_is_wrong_and_what_to_do() -> None:
    (result,) = results(one())
    assert result["message"]["text"] == (
        "nginx:1.27: the tag '1.27' can be moved to another image. "
        "Run 'boltseal fix' to seal it to its digest."
    )


def test_no_text_of_a_file_is_a_link_an_argument_or_steers() -> None:
    finding = one()._replace(message="[a](https://registry.example.com) {0} \x1b[2J\u202e\n")
    (result,) = results(finding)
    text = result["message"]["text"]
    assert "](" not in text
    assert "{{0}}" in text
    assert text.isprintable()


def test_no_label_or_bug_steers() -> None:
    finding = one()
    labelled = finding._replace(related=(Related(finding.span, "set\x1b here"),))
    run = parsed(report([labelled], bugs=("a\x1b: KeyError",)))
    assert run["results"][0]["relatedLocations"][0]["message"]["text"] == "set\\x1b here"
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].isprintable()


# Fixes


def replaced_bytes(data: bytes, run: Json) -> bytes:
    """A file with the fixes of all results made, by offsets in bytes."""
    for start, end, new in sorted(set(replacements(run)), reverse=True):
        data = data[:start] + new + data[end:]
    return data


def replacements(run: Json) -> list[tuple[int, int, bytes]]:
    return [
        (
            it["deletedRegion"]["byteOffset"],
            it["deletedRegion"]["byteOffset"] + it["deletedRegion"]["byteLength"],
            b64decode(it["insertedContent"]["binary"], validate=True),
        )
        for it in changes(run)
    ]


def changes(run: Json) -> list[Json]:
    changed = [
        change
        for result in run["results"]
        for made in result.get("fixes", [])
        for change in made["artifactChanges"]
    ]
    assert all(change["replacements"] for change in changed)
    return [it for change in changed for it in change["replacements"]]


def replaced_text(data: bytes, run: Json) -> bytes:
    """A file with the fixes of all results made, by lines and columns in characters."""
    mark = BOM if data.startswith(BOM) else b""
    text = data[len(mark) :].decode()
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    edits = {
        (
            starts[it["deletedRegion"]["startLine"] - 1] + it["deletedRegion"]["startColumn"] - 1,
            starts[it["deletedRegion"]["endLine"] - 1] + it["deletedRegion"]["endColumn"] - 1,
            it["insertedContent"]["text"],
        )
        for it in changes(run)
    }
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return mark + text.encode()


FILES = sorted(str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*") if path.is_file())
AROUND = tree({name: (GOLDEN / name).read_bytes() for name in FILES})


@pytest.mark.parametrize("name", FILES)
def test_the_fixes_of_a_report_are_the_fix_in_every_format(name: str) -> None:
    data = (GOLDEN / name).read_bytes()
    run = parsed(report(findings(name, data, AROUND)))
    expected = fixed(name, data, AROUND)
    assert replaced_bytes(data, run) == expected
    assert replaced_text(data, run) == expected


LINES = st.sampled_from(
    [
        "FROM nginx:1.27",
        "FROM a:1 AS é",
        "FROM b",
        "FROM c:2@sha256:" + "0" * 64,
        "# 😀 é",
        "ARG TAG=1",
        "FROM d:$TAG",
        "FROM --platform=linux/amd64 e:1  ",
        "COPY --from=f:3 / /",
        "RUN docker run g:1 && docker run g:1",
        "FROM 'h:1'",
        "FROM \\",
        "  i:1",
        "",
    ]
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(LINES, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_the_fixes_of_a_report_are_the_fix(
    lines: list[str], end: str, marked: bool, ended: bool
) -> None:
    data = (BOM if marked else b"") + (end.join(lines) + end * ended).encode()
    run = parsed(report(findings("Dockerfile", data)))
    expected = fixed("Dockerfile", data)
    assert replaced_bytes(data, run) == expected
    assert replaced_text(data, run) == expected


def test_a_fix_that_is_unsafe_says_so() -> None:
    text = "image:\n  repository: x/y\n  tag: v1\n"
    (unsafe,) = results(*findings("chart/values.yaml", text))
    (safe,) = results(one())
    assert "unsafe" in unsafe["fixes"][0]["description"]["text"]
    assert "unsafe" not in safe["fixes"][0]["description"]["text"]


def test_what_cannot_be_fixed_has_no_fix() -> None:
    (result,) = results(*findings("Dockerfile", "FROM $X\n"))
    assert "fixes" not in result


# What is accepted


@pytest.mark.parametrize(
    ("origin", "kind"),
    [
        (Origin.COMMENT, "inSource"),
        (Origin.CONFIGURATION, "external"),
        (Origin.BASELINE, "external"),
    ],
)
def test_an_accepted_finding_is_a_suppressed_result_without_a_fix(
    origin: Origin, kind: str
) -> None:
    accepted = one()._replace(suppression=Suppression(origin, "ours\x1b", "Dockerfile:1"))
    (result,) = results(accepted)
    (suppression,) = result["suppressions"]
    assert suppression == {
        "kind": kind,
        "status": "accepted",
        "justification": "ours\\x1b",
        "properties": {"origin": origin, "where": "Dockerfile:1"},
    }
    assert "fixes" not in result


def test_a_result_that_is_not_accepted_says_so() -> None:
    assert results(one())[0]["suppressions"] == []


def test_no_reason_is_no_justification() -> None:
    accepted = one()._replace(suppression=Suppression(Origin.COMMENT))
    assert "justification" not in results(accepted)[0]["suppressions"][0]


# The run


def test_fingerprints_are_those_of_the_records() -> None:
    summary = report(findings("Dockerfile", "FROM a:1\nFROM a:1\n"))
    prints = [it["partialFingerprints"]["boltseal/v1"] for it in parsed(summary)["results"]]
    assert prints == [record.fingerprint for record in summary.records]
    assert len(set(prints)) == 2


def test_a_bug_is_told_and_the_run_did_not_succeed() -> None:
    (invocation,) = parsed(report(bugs=("a.yaml: KeyError",)))["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert note["level"] == "error"
    assert "a.yaml: KeyError" in note["message"]["text"]
    (fine,) = parsed(report())["invocations"]
    assert fine == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_more_results_than_a_service_takes_are_cut_and_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 3)
    warning, accepted = one(), one()._replace(suppression=Suppression(Origin.BASELINE))
    note = one()._replace(severity=Severity.NOTE)
    error = one()._replace(severity=Severity.ERROR)
    run = parsed(report([accepted, note, warning, note, error]))
    assert [it["level"] for it in run["results"]] == ["note", "warning", "error"]
    assert [it["suppressions"] for it in run["results"]] == [[], [], []]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    (told,) = invocation["toolExecutionNotifications"]
    assert told["level"] == "warning"
    assert told["message"]["text"].startswith("2 of 5 findings are left out")


def test_more_related_places_than_a_service_takes_are_cut_and_it_is_told() -> None:
    finding = one()
    related = tuple(Related(finding.span, f"place {n}") for n in range(120))
    run = parsed(report([finding._replace(related=related)]))
    assert len(run["results"][0]["relatedLocations"]) == sarif.MAX_STEPS
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["level"] == "warning"


def test_a_report_as_large_as_may_be_fits_when_compressed() -> None:
    names = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(300))
    text = "".join(
        f"FROM registry.example.com/{name[:9]}/{name[9:18]}:{name[18:22]}\n" for name in names
    )
    empty, full = (
        len(gzip.compress("\n".join(sarif.document(summary, RULES)).encode()))
        for summary in (report(), report(findings("Dockerfile", text)))
    )
    assert empty + (full - empty) / 300 * sarif.MAX_RESULTS < 10_000_000


def test_each_result_has_a_line_of_its_own() -> None:
    summary = report(findings("Dockerfile", "FROM a:1\nFROM b:1\n"))
    assert len(list(sarif.document(summary, RULES))) == 3
