"""Places that are looked in only when they are named, and places that are left out."""

from pathlib import Path

import pytest

from boltseal import start
from tests.test_cli import LAYOUT

NAME = "registry.example.com/base/python:3.12"
SCRIPT = (
    f"docker run {NAME}\ncat <<'EOF' > pod.yaml\napiVersion: v1\nkind: Pod\nimage: {NAME}\nEOF\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.sh").write_text(SCRIPT)
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """The exit code, and where in the script something is found."""
    code = start.run(["check", *arguments])
    lines = capsys.readouterr().out.splitlines()
    return code, [line.split(": ")[0] for line in lines if line.startswith("run.sh:")]


def test_a_place_is_looked_in_when_it_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(capsys) == (0, [])
    assert found(capsys, "--place", "shell") == (1, ["run.sh:1:12"])
    assert found(capsys, "--place", "embedded") == (1, ["run.sh:5:8"])
    both = found(capsys, "--place", "shell", "--place", "embedded")
    assert both == (1, ["run.sh:1:12", "run.sh:5:8"])


def test_a_place_is_named_in_the_configuration_and_left_out_on_the_command_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text('enable-places = ["shell", "embedded"]\n')
    assert found(capsys) == (1, ["run.sh:1:12", "run.sh:5:8"])
    assert found(capsys, "--no-place", "shell") == (1, ["run.sh:5:8"])


def test_a_place_that_is_asked_for_is_looked_in_whatever_the_configuration_leaves_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text('disable-places = ["shell"]\n')
    assert found(capsys) == (0, [])
    assert found(capsys, "--place", "shell") == (1, ["run.sh:1:12"])


@pytest.mark.parametrize("option", ["--place", "--no-place"])
def test_a_name_that_is_no_place_is_wrong_usage_with_advice(
    folder: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert start.run(["check", option, "shel"]) == 2
    assert "unknown place 'shel'; did you mean 'shell'?" in capsys.readouterr().err


def test_a_fix_writes_the_heredoc_and_leaves_the_command(folder: Path) -> None:
    arguments = ["--place", "shell", "--place", "embedded", "--from-layout", str(LAYOUT)]
    assert start.run(["fix", *arguments]) == 1
    before, after = SCRIPT.splitlines(), (folder / "run.sh").read_text().splitlines()
    assert after[:4] == before[:4]
    assert after[4].startswith(f"{before[4]}@sha256:")
    assert after[5:] == before[5:]
