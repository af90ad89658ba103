"""Findings for people: the lines that take part, the patch, and nothing that a log would obey."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.engine import judge
from boltseal.finding import Finding, Severity
from boltseal.report import concise, text
from boltseal.report.form import DOCUMENTS, Format, document_lines, finding_lines, record_lines
from boltseal.report.patch import narrowed, patch_lines
from boltseal.report.record import Changed
from boltseal.report.summary import Sealed
from boltseal.source import Source, Span
from boltseal.style import Style
from boltseal.tally import Tally
from boltseal.use import Related
from boltseal_rules.knowledge import pages
from tests.reports import findings, report
from tests.tools import KNOWLEDGE, digest, inspected, tree
from tests.workflow_commands import command, commands

PLAIN = Style(colours=False)


def shown(path: str, data: str, files: dict[str, bytes | str] | None = None) -> list[list[str]]:
    """The lines of each finding of a file, with the files around it."""
    found = inspected(path, data, tree({path: data, **(files or {})}))
    return [list(text.finding_lines(it, PLAIN)) for it in judge(KNOWLEDGE, found)]


def finding(source: Source, span: Span, *related: Related) -> Finding:
    return Finding("r", Severity.ERROR, "m", "h", source, span, None, related)


# The lines that take part


def test_a_finding_says_where_what_why_and_what_to_do() -> None:
    assert shown("Dockerfile", "FROM x:1 AS y\n") == [
        [
            "Dockerfile:1:6: warning[mutable-tag]: the tag '1' can be moved to another image",
            "   1 | FROM x:1 AS y",
            "     |      ^^^",
            "  = place: dockerfile, FROM AS y",
            "  = hint: run 'boltseal fix' to seal it to its digest",
        ]
    ]


def test_an_argument_and_its_reader_are_shown_in_the_order_of_the_file() -> None:
    (lines,) = shown("Dockerfile", "ARG BASE=x:1\n\nFROM $BASE\n")
    assert lines[1:5] == [
        "   1 | ARG BASE=x:1",
        "     |          ^^^",
        "   3 | FROM $BASE",
        "     |      ----- read here",
    ]


def test_what_stands_in_another_file_is_shown_under_its_name() -> None:
    compose = "services:\n  db:\n    image: ${DB}\n"
    (lines,) = shown("a/.env", "DB=x:1\n", {"a/compose.yaml": compose})
    assert lines[1:6] == [
        "   1 | DB=x:1",
        "     |    ^^^",
        " --> a/compose.yaml:3:12",
        "   3 |     image: ${DB}",
        "     |            ----- used as an image here",
    ]


def test_several_places_on_one_line_share_its_excerpt() -> None:
    source = Source("f", b"a: x\nb: y z\n")
    spots = (Related(Span(0, 1), "key"), Related(Span(8, 9), "one"), Related(Span(10, 11), "two"))
    assert list(text.finding_lines(finding(source, Span(3, 4), *spots), PLAIN))[1:-1] == [
        "   1 | a: x",
        "     |    ^",
        "     | - key",
        "   2 | b: y z",
        "     |    - one",
        "     |      - two",
    ]


@pytest.mark.parametrize(
    ("count", "last"), [(4, None), (5, "1 more place"), (99, "95 more places")]
)
def test_what_is_used_often_is_shown_a_few_times_and_counted(count: int, last: str | None) -> None:
    source = Source("f", b"x\n" * 100)
    spots = [Related(Span(2 * n, 2 * n + 1), f"place {n}") for n in range(1, count + 1)]
    lines = list(text.finding_lines(finding(source, Span(0, 1), *spots, spots[0]), PLAIN))
    assert sum("- place" in line for line in lines) == 4
    assert lines[-2:-1] == ([f"  = and {last}"] if last else ["     | - place 4"])


def test_a_file_that_is_empty_has_no_excerpt() -> None:
    lines = list(text.finding_lines(finding(Source("f", b""), Span(0, 0)), PLAIN))
    assert lines == ["f:1:1: error[r]: m", "  = hint: h"]


def test_the_concise_form_is_the_first_line_of_the_full_one() -> None:
    for one, style in product(
        findings("Dockerfile", "FROM x:1\nFROM y\n"), map(Style, (True, False))
    ):
        assert list(concise.finding_lines(one, style)) == [next(text.finding_lines(one, style))]


def test_the_summary_says_how_to_learn_more() -> None:
    tally = Tally(files=1)
    for one in findings("Dockerfile", "FROM x:1\n"):
        tally.add(one)
    assert text.summary(tally, PLAIN) == (
        "1 finding in 1 file; 1 fixable with 'boltseal fix'. 'boltseal rule NAME' explains a rule, "
        "and how to accept what it finds."
    )
    assert text.summary(Tally(files=2), PLAIN) == "No findings in 2 files."


def test_notes_alone_are_no_findings() -> None:
    tally = Tally(files=2)
    tally.notes = 1
    assert text.summary(tally, PLAIN).startswith("No findings in 2 files; 1 note. ")


# The patch


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_patch_of_a_finding_stands_below_its_hint(end: str) -> None:
    (one,) = findings("Dockerfile", f"# é\n\tFROM x:1 AS y{end}")
    *_, hint, before, after = text.finding_lines(one, PLAIN)
    assert "hint" in hint
    assert before == "   2 -     FROM x:1 AS y"
    assert after == f"   2 +     FROM x:1@{digest('docker.io/library/x:1')} AS y"


def test_each_line_of_a_patch_is_shown() -> None:
    chart = "image:\n  repository: x\n  tag: '1'\n  digest: ''\n"
    (one,) = findings("values.yaml", chart)
    assert one.fix
    assert [line[:6] for line in patch_lines(one.source, one.fix, PLAIN)] == ["   4 -", "   4 +"]


def test_colours_of_a_patch_are_closed() -> None:
    (one,) = findings("Dockerfile", "FROM x:1\n")
    assert one.fix
    for line in patch_lines(one.source, one.fix, Style(True)):
        assert line.count("\x1b[") == 2 * line.count("\x1b[0m")


@pytest.mark.parametrize("before", [0, 30, 200, 9000])
@pytest.mark.parametrize("after", [0, 30, 9000])
def test_a_long_line_is_cut_around_the_digest(before: int, after: int) -> None:
    data = f"FROM x:1 {'a' * before}\n" if not before else ""
    data = data or f'{{"a": "{"é" * before}", "image": "x:1", "b": "{"z" * after}"}}'
    path = "Dockerfile" if data.startswith("FROM") else "compose.yaml"
    if path == "compose.yaml":
        data = f'{{"services": {{"a": {data}}}}}'
    (one,) = findings(path, data)
    *_, minus, plus = text.finding_lines(one, PLAIN)
    assert f"x:1@{digest('docker.io/library/x:1')}" in plus
    assert "x:1" in minus
    assert len(minus) <= 150
    assert len(plus) == len(minus) + len("@") + len(digest("x"))


@given(st.text(), st.text(), st.text(), st.integers(8, 50))
def test_cutting_keeps_what_is_added_and_the_same_around_it(
    head: str, new: str, tail: str, width: int
) -> None:
    line = Changed(3, head + tail, head + new + tail)
    cut = narrowed(line, width)
    assert cut.line == 3
    assert len(cut.before) <= width + 2
    assert len(cut.after) == len(cut.before) + len(new)
    assert new in cut.after
    if len(line.before) <= width:
        assert cut == line


# Logs that obey what they are given


HOSTILE = (
    "::error ::x",
    "  ::error file=a::x",
    "\u00a0::error ::x",
    "##[error]x",
    "a ##[error]x",
    "###[add-mask]x",
    "a##[stop-commands]x",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_in_a_log_is_a_command(words: str) -> None:
    assert command(words) is not None
    data = f"{words}\nx\n".encode()
    source = Source(words, data)
    spot = Related(Span(0, 3), words)
    for start, end in product(range(len(data)), repeat=2):
        one = finding(source, Span(start, max(start, end)), spot)._replace(
            message=words, hint=words
        )
        lines = [*text.finding_lines(one, PLAIN), *concise.finding_lines(one, PLAIN)]
        assert commands("\n".join(lines)) == []


def test_nothing_in_a_patch_or_a_list_is_a_command() -> None:
    (one,) = findings("##[error]/Dockerfile", "FROM x:1 AS ##[error]y\n")
    assert one.use
    assert one.fix
    lines = [*text.finding_lines(one, PLAIN), text.use_line(one.use, "mutable", PLAIN)]
    assert len(lines) == 8
    assert commands("\n".join(lines)) == []


@pytest.mark.parametrize("word", ["##vso[task.setvariable]", "##teamcity[x]", "##[section]"])
def test_no_other_service_is_given_a_command(word: str) -> None:
    source = Source(f"a{word}", f"b {word} x\n".encode())
    for end in range(3, 9):
        one = finding(source, Span(2, end))._replace(message=word)
        assert not any(word in line for line in text.finding_lines(one, PLAIN))


@pytest.mark.parametrize("form", set(Format) - {Format.GITHUB})
@pytest.mark.parametrize("words", HOSTILE)
def test_no_form_but_that_of_annotations_gives_a_command(form: Format, words: str) -> None:
    (one,) = findings("Dockerfile", f"FROM x:1 AS {words}\n")
    one = one._replace(source=Source(words, one.source.data), message=words, hint=words)
    summary = report([one])._replace(sealed=(Sealed(words, 1, words, words, words, words),))
    if form in DOCUMENTS:
        lines = list(document_lines(form, summary, pages))
    elif form is Format.JSONL:
        lines = list(record_lines(summary.records))
    else:
        lines = list(finding_lines(one, form, PLAIN))
    assert lines
    assert commands("\n".join(lines)) == []


@given(st.text(alphabet="#[]: \nerorvsx", min_size=1), st.data())
def test_no_text_whatever_is_a_command(words: str, draw: st.DataObject) -> None:
    data = words.encode()
    start = draw.draw(st.integers(0, len(data)))
    one = finding(Source(words, data), Span(start, draw.draw(st.integers(start, len(data)))))
    assert commands("\n".join(text.finding_lines(one, PLAIN))) == []
