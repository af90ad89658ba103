"""Ignore comments for everything that is found, from the files of a folder to the exit code."""

import io
import re
from pathlib import Path

import pytest

from boltseal import start
from boltseal.commands.annotate import run_add_ignores
from boltseal.ignores.comment_style import CommentStyle
from boltseal.intake import Request
from boltseal.repertoire import Repertoire
from boltseal.use import ImageUse
from boltseal_rules.comment_styles import comment_style
from tests.test_cli import LAYOUT

IN_LAYOUT = "registry.example.com/base/python:3.12"
POD = '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "nginx:1"}]}}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_bytes(b"FROM a:1\r\nFROM b\r\n")
    return tmp_path


def add(reason: str = "known") -> int:
    return run_add_ignores(Request(), Repertoire(), reason, comment_style)


def test_everything_that_is_found_is_accepted(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert add() == 0
    assert capfd.readouterr().out == "Accepted 2 findings in 1 file.\n"
    assert (folder / "Dockerfile").read_bytes() == (
        b"# boltseal: ignore[mutable-tag] known\r\nFROM a:1\r\n"
        b"# boltseal: ignore[implicit-latest] known\r\nFROM b\r\n"
    )
    assert start.run(["check"]) == 0


def test_a_second_run_writes_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    add()
    first = (folder / "Dockerfile").read_bytes()
    capfd.readouterr()
    assert add("again") == 0
    assert "Accepted 0 findings in 0 files." in capfd.readouterr().out
    assert (folder / "Dockerfile").read_bytes() == first


def test_of_standard_input_the_text_with_comments_is_printed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"FROM a:1\n")))
    request = Request(("-",), stdin_filename="Dockerfile")
    assert run_add_ignores(request, Repertoire(), "known", comment_style) == 0
    shown = capfd.readouterr()
    assert shown.out == "# boltseal: ignore[mutable-tag] known\nFROM a:1\n"
    assert "Accepted 1 finding in 1 file." in shown.err


def test_options_that_hide_comments_or_findings_are_refused(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "Dockerfile").read_bytes()
    assert start.run(["check", "--add-ignores", "known", "--no-ignores"]) == 2
    assert "contradict each other" in capfd.readouterr().err
    assert start.run(["check", "--add-ignores", "a */ b"]) == 2
    assert "would end the comment" in capfd.readouterr().err
    assert (folder / "Dockerfile").read_bytes() == before


def test_what_has_no_place_is_reported_with_the_entry_that_accepts_it(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "a [b]").mkdir()
    (folder / "a [b]" / "pod.json").write_text(POD)
    (folder / "Jenkinsfile").write_text("docker.image('nginx:')\n")
    assert add('so "far"') == 1
    shown = capfd.readouterr().out
    assert "pod.json:1:" in shown
    entries = shown[shown.index("[[accept]]") :]
    assert r'paths = ["/a \\[b]/pod.json"]' in entries
    assert 'images = ["docker.io/library/nginx"]' in entries
    (folder / "boltseal.toml").write_text(entries)
    assert start.run(["check"]) == 0


def test_a_fix_seals_nothing_that_was_accepted(folder: Path) -> None:
    (folder / "Dockerfile").write_text(f"FROM {IN_LAYOUT}\n")
    add()
    accepted = (folder / "Dockerfile").read_bytes()
    assert start.run(["fix", "--from-layout", str(LAYOUT)]) == 0
    assert (folder / "Dockerfile").read_bytes() == accepted


def test_a_fix_keeps_comments_for_other_rules(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM scratch\n")
    comment = "  # boltseal: ignore[invalid-reference] kept\n"
    (folder / "compose.yaml").write_text(f"services:\n  a:\n    image: {IN_LAYOUT}{comment}")
    start.run(["fix", "--from-layout", str(LAYOUT)])
    fixed = (folder / "compose.yaml").read_text()
    assert re.search(rf"{IN_LAYOUT}@sha256:[0-9a-f]{{64}}{re.escape(comment)}", fixed)


def test_a_file_that_cannot_be_written_is_left_and_told(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").chmod(0o444)
    assert add() == 1
    shown = capfd.readouterr()
    assert "Dockerfile: not written: write protected" in shown.err
    assert "Accepted 0 findings" in shown.out


def test_a_bug_in_one_file_leaves_the_others(
    folder: Path,
) -> None:
    (folder / "compose.yaml").write_text("services: {a: {image: 'a:1'}}\n")

    def broken(use: ImageUse) -> CommentStyle | None:
        if use.source.path == "Dockerfile":
            raise RuntimeError("boom")
        return comment_style(use)

    code = run_add_ignores(Request(), Repertoire(), "known", broken)
    assert code == 4
    assert "# boltseal: ignore" in (folder / "compose.yaml").read_text()
