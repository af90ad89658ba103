"""Annotations: what the runner reads is what was found, and nothing else is a command."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.finding import Finding, Severity
from boltseal.printable import visible
from boltseal.report import github
from boltseal.source import Source, Span
from boltseal.use import Related
from tests.reports import findings
from tests.workflow_commands import Command, command, commands

DATA = "a: é x:1\nb: y\n".encode()
AT = Span(DATA.index(b"x"), DATA.index(b"\n"))


def finding(
    path: str = "f", message: str = "m", hint: str = "h", severity: Severity = Severity.WARNING
) -> Finding:
    return Finding("rule-name", severity, message, hint, Source(path, DATA), AT)


def annotation(one: Finding) -> Command:
    (line,) = github.finding_lines(one)
    read = command(line)
    assert read is not None
    return read


def test_a_finding_is_an_annotation_of_its_characters() -> None:
    (line,) = github.finding_lines(finding(message="50%", hint="run\nthis"))
    head, _, data = line.partition("::50")
    assert head == "::warning file=f,line=1,endLine=1,col=6,endColumn=9,title=boltseal%3A rule-name"
    assert data == "%25%0Ahint: run\\x0athis"


@pytest.mark.parametrize(
    ("severity", "name"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_each_severity_has_its_command(severity: Severity, name: str) -> None:
    assert annotation(finding(severity=severity)).name == name


def test_what_spans_lines_has_no_columns() -> None:
    read = annotation(finding()._replace(span=Span(AT.start, len(DATA) - 1)))
    assert read.properties["line"] == "1"
    assert read.properties["endLine"] == "2"
    assert not {"col", "endColumn"} & set(read.properties)


def test_other_places_are_named_and_bounded() -> None:
    other = Source("v,1.yaml", b"\nx")
    one = finding()._replace(related=tuple(Related(Span(1, 2), f"{n}", other) for n in range(9)))
    assert annotation(one).data.split("\n")[2:] == [f"{n}: v,1.yaml:2:1" for n in range(4)]


def test_the_patch_is_in_the_annotation() -> None:
    (one,) = findings("Dockerfile", "FROM x:1 AS y\n")
    *_, before, after = annotation(one).data.split("\n")
    assert before == "   1 - FROM x:1 AS y"
    assert after.startswith("   1 + FROM x:1@sha256:")
    assert after.endswith(" AS y")


HOSTILE = (
    "::error ::x",
    "a,line=9,b",
    "a::b",
    "a%0A%3A%25",
    "a\n::error::x",
    "a\r::error::x",
    "##[error]x",
    "100%",
    "a;b]c",
    "é\u2028\u202e",
    "a\x1b[2J",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_the_runner_reads_is_what_went_in(text: str) -> None:
    lines = list(github.finding_lines(finding(path=text, message=text, hint=text)))
    (read,) = commands("\n".join(lines))
    assert read.name == "warning"
    assert read.properties["file"] == visible(text)
    assert read.data == f"{visible(text)}\nhint: {visible(text)}"


# A value that begins with '=' loses it in the runner, which knows no escape for it.
PATHS = st.text(st.characters(exclude_characters="\0/\\."), min_size=1).filter(
    lambda it: not it.startswith("=")
)


@given(PATHS, st.text(), st.text(), st.sampled_from(Severity), st.text())
def test_one_command_a_finding_and_no_other_line(
    path: str, message: str, hint: str, severity: Severity, label: str
) -> None:
    one = finding(path, message, hint, severity)._replace(related=(Related(AT, label),))
    lines = list(github.finding_lines(one))
    assert len(lines) == 1
    (read,) = commands("\n".join(lines))
    assert read.properties == {
        "file": visible(path),
        "line": "1",
        "endLine": "1",
        "col": "6",
        "endColumn": "9",
        "title": "boltseal: rule-name",
    }
    related = f"{visible(label)}: {visible(path)}:1:6"
    assert read.data == f"{visible(message)}\nhint: {visible(hint)}\n{related}"


def test_the_path_is_that_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    inside = tmp_path / "services" / "web"
    inside.mkdir(parents=True)
    for folder, shown in ((inside, "services/web/Dockerfile"), (tmp_path, "Dockerfile")):
        monkeypatch.chdir(folder)
        assert annotation(finding("Dockerfile")).properties["file"] == shown
    monkeypatch.chdir(inside)
    assert annotation(finding("../db/Dockerfile")).properties["file"] == "services/db/Dockerfile"
    assert annotation(finding("..x/y")).properties["file"] == "services/web/..x/y"
    assert annotation(finding("../../../y")).properties["file"] == "../../../y"
    assert annotation(finding("/etc/Dockerfile")).properties["file"] == "/etc/Dockerfile"
