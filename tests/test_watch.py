"""``check --watch`` as it is typed, with a real interrupt."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from boltseal import start


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[tuple[IO[str], IO[str]]]:
    """Standard output and standard error of a watch, which is then interrupted."""
    with subprocess.Popen(
        [sys.executable, "-m", "boltseal", "check", "--watch", "--format=jsonl", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield process.stdout, process.stderr
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 130
            assert process.stderr.read() == ""
        finally:
            process.kill()


def replace(path: Path, text: str) -> None:
    """Write a file as editors do, never half of it."""
    path.with_name("beside").write_text(text)
    path.with_name("beside").replace(path)


def test_files_and_the_configuration_are_watched_until_an_interrupt(tmp_path: Path) -> None:
    dockerfile, toml = tmp_path / "Dockerfile", tmp_path / "boltseal.toml"
    dockerfile.write_text("FROM a:1\n")
    with watching(tmp_path) as (out, err):
        assert json.loads(out.readline())["reference"] == "a:1"
        assert err.readline() == "Watching 1 file; Ctrl-C ends it.\n"
        replace(dockerfile, "FROM b:1\n")
        assert err.readline().endswith(" Dockerfile changed\n")
        assert json.loads(out.readline())["reference"] == "b:1"
        assert err.readline() == "Watching 1 file; Ctrl-C ends it.\n"
        replace(toml, "= broken")
        assert err.readline().endswith(" boltseal.toml is new\n")
        assert err.readline().startswith("boltseal: boltseal.toml: not TOML")
        assert err.readline() == "Watching 1 file; Ctrl-C ends it.\n"
        replace(toml, 'ignore = ["mutable-tag"]')
        assert err.readline().endswith(" boltseal.toml changed\n")
        assert err.readline() == "Watching 1 file; Ctrl-C ends it.\n"


def test_a_baseline_is_watched_too(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a:1\n")
    empty = '{"version": 1, "findings": []}'
    (tmp_path / "known.json").write_text(empty)
    row = {"path": "Dockerfile", "rule": "mutable-tag", "reference": "a:1", "count": 1}
    with watching(tmp_path, "--baseline=known.json", "Dockerfile") as (out, err):
        assert json.loads(out.readline())["suppressed"] is None
        err.readline()
        replace(tmp_path / "known.json", json.dumps({"version": 1, "findings": [row]}))
        assert err.readline().endswith(" known.json changed\n")
        assert err.readline() == "Watching 1 file; Ctrl-C ends it.\n"


@pytest.mark.parametrize(
    "options",
    [
        ["-", "--stdin-filename=Dockerfile"],
        ["--baseline=x.json", "--create-baseline"],
        ["--baseline=x.json", "--shrink-baseline"],
    ],
)
def test_what_is_done_once_is_not_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert start.run(["check", "--watch", *options]) == 2
