"""The report as one JSON document, held against its published schema."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from boltseal import __version__
from boltseal.finding import Origin, Suppression
from boltseal.report import json_document, jsonl
from boltseal.report.ascii_json import dump
from boltseal.report.summary import Sealed, Summary
from boltseal.source import BOM, Source
from tests.reports import findings, fixed, report

SCHEMAS = Path(__file__).parent.parent.parent / "docs" / "schema"


def validator(name: str) -> jsonschema.Draft202012Validator:
    """A published schema, which may name the others by their files."""
    known = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    resources = [(file, Resource.from_contents(schema)) for file, schema in known.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    return jsonschema.Draft202012Validator(known[name], registry=registry)


def parsed(summary: Summary) -> Any:
    text = "\n".join(json_document.document(summary))
    assert text.isascii()
    document = json.loads(text)
    schema = validator("report.schema.json")
    schema.validate(document)
    assert list(document) == schema.schema["required"]
    return document


def full() -> Summary:
    """A run with everything in it that a report can hold."""
    built, first, *others = findings(
        "Dockerfile", BOM + "ARG T=1\nFROM a:$T AS é\nFROM a:1\nFROM $X\n".encode()
    )
    accepted = first._replace(suppression=Suppression(Origin.COMMENT, "ours", "Dockerfile:3"))
    odd = [
        it._replace(source=Source("\udcff", b"FROM a:1\n")) for it in findings("f", "FROM a:1\n")
    ]
    return report([accepted, built, *others], odd, bugs=("b.yaml: KeyError",))


def test_a_report_holds_what_its_schema_says() -> None:
    summary = full()
    sealed = Sealed("Dockerfile", 3, "dockerfile", "a:1", "a:1@sha256:0", "sha256:0")
    document = parsed(summary._replace(sealed=(sealed,)))
    assert document["version"] == __version__
    assert document["bugs"] == ["b.yaml: KeyError"]
    assert document["sealed"] == [sealed._asdict()]
    assert document["dry_run"] is True


def test_an_empty_run_is_a_report() -> None:
    document = parsed(report())
    assert document["findings"] == []
    assert set(document["summary"].values()) == {0}


def test_counts_add_up() -> None:
    document = parsed(full())
    counts = document["summary"]
    assert counts["findings"] + counts["notes"] + counts["suppressed"] == len(document["findings"])
    assert counts["suppressed"] == 1
    assert counts["notes"] == 1


def test_a_finding_is_that_of_a_json_line() -> None:
    summary = full()
    lines = [json.loads(jsonl.record_line(record)) for record in summary.records]
    assert parsed(summary)["findings"] == lines
    for line in lines:
        validator("finding.schema.json").validate(line)


def test_edits_are_in_bytes_and_in_characters() -> None:
    data = BOM + "# é\r\nCOPY --chown=é --from=a:1 / /\r\n".encode()
    (finding,) = parsed(report(findings("Dockerfile", data)))["findings"]
    (edit,) = finding["fix"]["edits"]
    start, end = edit["offset"], edit["offset"] + edit["length"]
    assert data[:start] + edit["text"].encode() + data[end:] == fixed("Dockerfile", data)
    assert (edit["line"], edit["column"], edit["end_column"]) == (2, 23, 26)


def test_an_accepted_finding_has_no_fix() -> None:
    first, *_ = parsed(full())["findings"]
    assert first["suppressed"] == {"origin": "comment", "reason": "ours", "where": "Dockerfile:3"}
    assert first["fixable"] is True
    assert first["fix"] is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\udcff", "\ufffd"),
        ("a\ud83db", "a\ufffdb"),
        ("\\\udc80", "\\\ufffd"),
        ("\\udc80", "\\udc80"),
        ("\\\\udc80", "\\\\udc80"),
        ("😀é\u202e", "😀é\u202e"),
        ("😀\udcff😀", "😀\ufffd😀"),
    ],
)
def test_half_a_surrogate_pair_is_never_written(text: str, read: str) -> None:
    written = dump({text: text})
    assert written.isascii()
    assert json.loads(written) == {read: read}
    assert read.encode()
