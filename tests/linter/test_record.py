"""Findings as plain data, whatever the file around them is like."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.edit import Edit, Fix, Safety
from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.report.record import Record, changed, records, sentences
from boltseal.source import BOM, Source, Span
from tests.reports import findings


def about(data: bytes, start: int, end: int, *edits: Edit) -> Record:
    fix = Fix(edits, Safety.SAFE) if edits else None
    finding = Finding("r", Severity.NOTE, "m", "h", Source("f", data), Span(start, end), fix=fix)
    (record,) = records([finding])
    return record


def added(data: bytes, at: int, new: bytes = b"@sha256:0") -> Edit:
    return Edit(Span(at, at), b"", new)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", BOM])
def test_an_edit_at_the_end_of_a_file_is_on_its_last_line(mark: bytes, end: bytes) -> None:
    data = mark + b"FROM x:1" + end
    at = len(data) - len(end)
    record = about(data, at - 3, at, added(data, at))
    assert record.changed == ((1, "FROM x:1", "FROM x:1@sha256:0"),)
    assert (record.snippet, record.snippet_column) == ("FROM x:1", 1)
    (replacement,) = record.replacements
    assert replacement.region == (1, 9, 1, 9, at, 0)


def test_edits_on_one_line_are_shown_together() -> None:
    data = b"a: x:1 y:2\nb: z:3\n"
    edits = [added(data, 17), added(data, 6), added(data, 10), added(data, 6)]
    assert about(data, 3, 6, *edits).changed == (
        (1, "a: x:1 y:2", "a: x:1@sha256:0 y:2@sha256:0"),
        (2, "b: z:3", "b: z:3@sha256:0"),
    )


def test_an_edit_that_is_given_twice_is_one() -> None:
    data = b"a: x:1"
    record = about(data, 3, 6, added(data, 6), added(data, 6))
    assert len(record.replacements) == 1


@pytest.mark.parametrize("fill", ["x", "é", "😀"])
@pytest.mark.parametrize("before", [0, 50, 150, 5000])
@pytest.mark.parametrize("after", [0, 50, 500, 5000])
def test_a_long_line_is_kept_around_the_finding(fill: str, before: int, after: int) -> None:
    lead = (fill * before).encode()
    data = b"\n" + lead + b"n:1" + (fill * after).encode() + b"\n"
    at = 1 + len(lead)
    record = about(data, at, at + 3, added(data, at + 3))
    assert len(record.snippet) <= 400
    place = record.region.column - record.snippet_column
    assert record.snippet[place : place + 3] == "n:1"
    (line,) = record.changed
    assert "n:1@sha256:0" in line.after
    assert line.before == line.after.replace("@sha256:0", "")
    assert "\ufffd" not in line.before
    assert len(line.before) <= 410


def test_a_long_reference_is_shown_with_what_is_added_to_it() -> None:
    name = b"n" * 600
    data = name + b" " * 600
    (line,) = about(data, 0, 600, Edit(Span(0, 600), name, name + b"@sha256:0")).changed
    assert "n@sha256:0" in line.after


def test_what_is_cut_away_is_marked() -> None:
    data = b"y" * 1000 + b"n:1" + b"z" * 1000
    (line,) = about(data, 1000, 1003, added(data, 1003)).changed
    assert line.before.startswith("…yyy")
    assert line.before.endswith("zzz…")


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=30), st.data())
def test_any_bytes_have_a_record(lines: list[bytes], draw: st.DataObject) -> None:
    data = b"\n".join(lines) * draw.draw(st.sampled_from([1, 1, 40]))
    start = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(start, len(data)))
    edit = Edit(Span(start, end), data[start:end], b"new")
    record = about(data, start, end, edit)
    assert record.region.line >= 1
    assert record.region.column >= 1
    (line,) = record.changed
    assert (record.snippet + line.before + line.after).encode()
    assert (record.region.offset, record.region.length) == (start, end - start)


def test_a_fingerprint_stays_when_lines_move_and_tells_alike_ones_apart() -> None:
    def prints(text: str) -> list[str]:
        return [record.fingerprint for record in records(findings("Dockerfile", text))]

    first = prints("FROM a:1\nFROM a:1\nFROM b:1\n")
    assert len(set(first)) == 3
    assert prints("# more\n\nFROM  a:1\nFROM c:1\nFROM a:1\nFROM b:1\n")[:1] == first[:1]
    assert set(first) < set(prints("# more\n\nFROM  a:1\nFROM c:1\nFROM a:1\nFROM b:1\n"))


def test_a_fingerprint_is_the_same_however_a_path_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "services" / "web"
    inside.mkdir(parents=True)
    (tmp_path / ".git").mkdir()

    def fingerprint(folder: Path, path: str) -> str:
        monkeypatch.chdir(folder)
        (record,) = records(findings(path, "FROM a:1\n"))
        return record.fingerprint

    at_the_root = fingerprint(tmp_path, "services/web/Dockerfile")
    assert fingerprint(inside, "Dockerfile") == at_the_root
    assert fingerprint(tmp_path, str(inside / "Dockerfile")) == at_the_root
    assert fingerprint(inside.parent, "../services/web/Dockerfile") == at_the_root
    assert fingerprint(tmp_path, "Dockerfile") != at_the_root


def test_an_accepted_finding_has_no_edits() -> None:
    (finding,) = findings("Dockerfile", "FROM a:1\n")
    (record,) = records([finding._replace(suppression=Suppression(Origin.COMMENT))])
    assert record.replacements == record.changed == ()
    assert record.fix_safety == Safety.SAFE


def test_a_sentence_names_the_reference_once() -> None:
    (record,) = records(findings("Dockerfile", "FROM a:1\n"))
    assert sentences(record).count("a:1") == 1
    assert sentences(record._replace(message="a:1 is bad")).startswith("a:1 is bad. ")
    assert sentences(record._replace(reference=None)).startswith("the tag")


def test_a_sentence_is_of_a_bounded_length() -> None:
    (record,) = records(findings("Dockerfile", "FROM a:1\n"))
    assert len(sentences(record._replace(reference="x" * 100_000))) < 600


def test_no_line_is_shown_of_edits_that_are_none() -> None:
    assert list(changed(Source("f", b"a\n"), [])) == []
