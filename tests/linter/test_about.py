"""What is told for a report about a bug, and what is not."""

import os
import platform
from importlib import metadata
from pathlib import Path

import pytest

from boltseal import __version__
from boltseal.report import about

SECRET = "s3cr3t"


def rows(
    configuration: str = "", user_file: str = "", environment: dict[str, str] | None = None
) -> dict[str, str]:
    first, *lines = about.about_lines(configuration, user_file, environment or {})
    assert first == f"boltseal {__version__}"
    return {line[2:17].strip().rstrip(":"): line[17:] for line in lines}


def test_versions_are_told() -> None:
    told = rows()
    assert told["python"] == f"{platform.python_implementation()} {platform.python_version()}"
    assert f"typer {metadata.version('typer')}" in told["libraries"].split(", ")
    assert told["YAML parser"] == "C"


def test_the_processors_that_may_be_used_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, words in ((1, ", 1 processor used"), (3, ", 3 processors used")):
        monkeypatch.setattr(about, "processors", lambda number=number: number)
        assert rows()["platform"].endswith(words)


def test_a_library_that_is_missing_is_told_unless_it_is_for_other_systems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = ["nothing-of-this-name[x]>=1", "other-of-this-name; sys_platform == 'win32'", "typer"]
    monkeypatch.setattr(metadata, "requires", lambda _: wanted)
    assert rows()["libraries"] == f"nothing-of-this-name missing, typer {metadata.version('typer')}"


def test_it_runs_where_it_was_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: str) -> None:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "distribution", none)
    monkeypatch.setattr(metadata, "requires", none)
    assert rows()["installed"] == "run from its source"
    assert rows()["libraries"] == ""


def test_the_slow_parser_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "find_spec", lambda _: None)
    assert rows()["YAML parser"] == "Python, which is slower"


def test_files_in_effect_are_told_without_the_name_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "jane"))
    told = rows("boltseal.toml", str(tmp_path / "jane" / ".config" / "config.toml"))
    assert told["configuration"] == "boltseal.toml"
    assert told["user's file"] == "~/.config/config.toml"
    assert rows()["configuration"] == rows()["user's file"] == "none"


def test_git_is_told_or_that_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\necho git version 9.8.7\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert rows()["git"] == "9.8.7"
    program.write_text("#!/bin/sh\nexit 1\n")
    assert rows()["git"] == "none"
    monkeypatch.setenv("PATH", "/nowhere")
    assert rows()["git"] == "none"


def test_the_service_is_named_and_no_value_of_a_variable_shown() -> None:
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": SECRET, "CI": SECRET}
    assert rows(environment=environment)["CI"] == "GitHub Actions"
    assert rows(environment={"JENKINS_URL": SECRET})["CI"] == "Jenkins"
    assert rows(environment={"CI": SECRET})["CI"] == "one that is not known"
    assert rows()["CI"] == "none"


def test_names_reach_a_terminal_as_text() -> None:
    assert rows("\x1b[31m/boltseal.toml")["configuration"] == "\\x1b[31m/boltseal.toml"
