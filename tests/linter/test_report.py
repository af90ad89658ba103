"""What people and programs are shown, whatever is in the files."""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.finding import Finding, Severity
from boltseal.report import jsonl, text
from boltseal.report.diff import unified
from boltseal.report.excerpt import excerpt
from boltseal.report.record import records
from boltseal.source import BOM, Source, Span
from boltseal.style import Style
from boltseal.use import Related
from tests.tools import fixed, inspected, uses

FINDING_FIELDS = [
    "rule",
    "severity",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "place",
    "route",
    "reference",
    "resolved_reference",
    "message",
    "hint",
    "fixable",
    "fix_safety",
    "related",
    "fingerprint",
    "suppressed",
    "fix",
]
USE_FIELDS = [
    "path",
    "line",
    "column",
    "place",
    "route",
    "reference",
    "resolved_reference",
    "registry",
    "repository",
    "tag",
    "digest",
    "status",
    "related",
    "artifact",
]


def shown(line: str, word: str = "x:1") -> tuple[str, str]:
    """The excerpt of a line, and what stands above the underline."""
    data = line.encode()
    start = data.index(word.encode())
    cut = excerpt(Source("f", data), Span(start, start + len(word.encode())))
    return cut.text, cut.before + cut.marks


# Excerpts


@pytest.mark.parametrize(
    ("line", "text", "marks"),
    [
        ("x:1", "x:1", "^^^"),
        ("a: x:1 # c\r\nb", "a: x:1 # c", "   ^^^"),
        ("\ta:\tx:1", "    a:    x:1", "          ^^^"),
        ("日本: x:1", "日本: x:1", "      ^^^"),
        ("e\u0301: x:1", "e\u0301: x:1", "   ^^^"),
        ("❤\ufe0f: x:1", "❤\ufe0f: x:1", "   ^^^"),
        ("a\x1b[2J: x:1", "a\\x1b[2J: x:1", "          ^^^"),
        ("\u202ea: x:1", "\\u202ea: x:1", "         ^^^"),
        ("a\rb: x:1", "a\\x0db: x:1", "        ^^^"),
    ],
)
def test_the_underline_stands_below_the_reference(line: str, text: str, marks: str) -> None:
    assert shown(line) == (text, marks)


@pytest.mark.parametrize("before", [0, 10, 41, 139, 5000])
@pytest.mark.parametrize("after", [0, 10, 5000])
def test_a_long_line_is_cut_around_the_reference(before: int, after: int) -> None:
    line, marks = shown("é" * before + "x:1" + " " * after + "z")
    assert len(line) <= 142
    assert line[marks.index("^") :].startswith("x:1")
    assert len(marks) <= 142


def test_a_long_reference_is_cut_too() -> None:
    line, marks = shown("a: " + "x" * 9999, "x" * 9999)
    assert len(line) <= 142
    assert len(marks) <= 142


def test_a_span_over_several_lines_is_shown_by_its_first() -> None:
    cut = excerpt(Source("f", b"a\nb: xx\nyy\n"), Span(5, 10))
    assert (cut.line, cut.text, cut.before, cut.marks) == (2, "b: xx", "   ", "^^")


def test_an_empty_span_has_one_mark() -> None:
    for data in (b"", b"\n", BOM, b"abc"):
        assert excerpt(Source("f", data), Span(len(data), len(data))).marks == "^"


@settings(max_examples=60)
@given(st.text(max_size=300), st.data())
def test_an_excerpt_never_fails_and_never_steers(line: str, draw: st.DataObject) -> None:
    data = line.encode("utf-8", "replace")
    start = draw.draw(st.integers(0, len(data)))
    cut = excerpt(Source("f", data), Span(start, draw.draw(st.integers(start, len(data)))))
    for part in (cut.text, cut.marks):
        assert not {unicodedata.category(c) for c in part} & {"Cc", "Cf", "Zl", "Zp"}


# Text


def finding(data: bytes, path: str = "f") -> Finding:
    source = Source(path, data)
    span = Span(0, min(3, len(data)))
    related = (Related(span, "set here\x1b"),)
    return Finding("r", Severity.NOTE, "m\x1b", "h\x07", source, span, None, related)


def record_line(finding: Finding) -> str:
    (record,) = records([finding])
    return jsonl.record_line(record)


def test_no_name_message_or_hint_steers_the_terminal() -> None:
    lines = list(text.finding_lines(finding(b"x:1", "a\x1b]0;t\x07\n\udcff"), Style(False)))
    assert lines[0] == "a\\x1b]0;t\\x07\\x0a\\udcff:1:1: note[r]: m\\x1b"
    assert not any(c in line for line in lines for c in "\x1b\x07\n")


def test_a_use_is_one_line() -> None:
    (use,) = uses("pod.yaml", "apiVersion: v1\nkind: Pod\nimage: '$A\x85${B}'\n")
    assert "\x85" not in text.use_line(use, "unresolvable", Style(False))


def test_colours_are_closed() -> None:
    for line in text.finding_lines(finding(b"x:1"), Style(True)):
        assert line.count("\x1b[") % 2 == 0


# JSON lines


def test_the_fields_of_a_finding_are_a_contract() -> None:
    record = json.loads(record_line(finding(b"x:1")))
    assert list(record) == FINDING_FIELDS


def test_the_fields_of_a_use_are_a_contract() -> None:
    (use,) = uses("Dockerfile", "FROM x\n")
    assert list(json.loads(jsonl.use_line(use))) == USE_FIELDS


def test_columns_are_characters_and_ends_are_exclusive() -> None:
    data = BOM + "a:\r\n  '😀é': x:1".encode()
    source = Source("f", data)
    one = finding(data)._replace(source=source, span=Span(len(data) - 3, len(data)))
    record = json.loads(record_line(one))
    assert [record[key] for key in ("line", "column", "end_line", "end_column")] == [2, 9, 2, 12]


def test_a_split_use_is_that_of_its_tag() -> None:
    text = "image:\n  repository: x/y\n  tag: v1\n---\nimage:\n  repository: x/z\n  tag:\n"
    lines = [json.loads(jsonl.use_line(use)) for use in inspected("values.yaml", text).uses]
    assert [line["line"] for line in lines] == [3, 7]
    assert [line["status"] for line in lines] == ["mutable", "unresolvable"]


def test_json_lines_are_ascii() -> None:
    line = record_line(finding("é\u202e\n".encode(), "é\u2028\udcff"))
    assert line.isascii()
    assert "\n" not in line


# Diffs


POD = "# é\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: x:1\n  - image: x:2"


def applied(folder: Path, name: str, command: list[str], patch: bytes) -> None:
    done = subprocess.run(
        command, cwd=folder, input=patch, capture_output=True, check=False, timeout=20
    )
    assert done.returncode == 0, (name, done.stderr, done.stdout)


@pytest.mark.parametrize("program", ["git", "patch"])
@pytest.mark.parametrize("name", ["a.yaml", "a b/c d.yaml", "é.yaml", 'q"\\.yaml', "t\ta\n.yaml"])
@pytest.mark.parametrize("mark", [b"", BOM])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n \n"])
def test_other_programs_apply_a_diff(
    tmp_path: Path, program: str, name: str, mark: bytes, end: bytes
) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not here")
    before = mark + POD.encode() + end
    if end.startswith(b"\r"):
        before = before.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(before)
    after = fixed("pod.yaml", before)
    assert after != before
    patch = b"".join(unified(name, before, after))
    git = ["git", "apply", "--whitespace=nowarn", "-"]
    applied(tmp_path, name, git if program == "git" else ["patch", "-p1", "--binary"], patch)
    assert path.read_bytes() == after


def test_no_name_ends_its_line_in_a_diff() -> None:
    first, second, *_ = b"".join(unified("a\n+++ b/\x1b", b"1", b"2")).split(b"\n")
    assert first == b'--- "a/a\\012+++ b/\\033"'
    assert second == b'+++ "b/a\\012+++ b/\\033"'
