"""Each command as users run it."""

import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from boltseal import start
from boltseal.commands import check
from tests.registry import Registry

ROOT = Path(__file__).parent.parent
LAYOUT = ROOT / "examples" / "layout"
DOCKERFILE = "FROM registry.example.com/base/python:3.12\n"


def boltseal(
    folder: Path, *arguments: str, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "boltseal", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
    )


def put(folder: Path, name: str = "Dockerfile", text: str = DOCKERFILE) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def records(output: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_tree_without_images_is_clean(tmp_path: Path) -> None:
    assert boltseal(tmp_path, "check").returncode == 0


def test_check_shows_rule_place_source_and_hint(tmp_path: Path) -> None:
    put(tmp_path)
    done = boltseal(tmp_path, "check")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines()[:5] == [
        "Dockerfile:1:6: warning[mutable-tag]: the tag '3.12' can be moved to another image",
        "   1 | FROM registry.example.com/base/python:3.12",
        "     |      " + "^" * len("registry.example.com/base/python:3.12"),
        "  = place: dockerfile, FROM",
        "  = hint: run 'boltseal fix' to seal it to its digest",
    ]


def test_json_lines_hold_exactly_the_fields_of_their_schema(tmp_path: Path) -> None:
    put(tmp_path, text=DOCKERFILE + "FROM $X\nFROM A\n")
    put(tmp_path, "compose.yaml", "services: [image\n")
    for command, schema in (("check", "finding"), ("list", "use")):
        rules = json.loads((ROOT / "docs" / "schema" / f"{schema}.schema.json").read_text())
        rows = records(boltseal(tmp_path, command, "--format", "jsonl").stdout)
        assert len(rows) == (4 if command == "check" else 3)
        for row in rows:
            jsonschema.validate(row, rules)
            assert list(row) == rules["required"]


def test_fix_from_a_layout_seals_and_keeps_the_mode(tmp_path: Path) -> None:
    path = put(tmp_path)
    path.chmod(0o751)
    assert boltseal(tmp_path, "fix", "--from-layout", str(LAYOUT)).returncode == 0
    text = path.read_text()
    assert text.startswith("FROM registry.example.com/base/python:3.12@sha256:")
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert boltseal(tmp_path, "fix", "--from-layout", str(LAYOUT)).returncode == 0
    assert path.read_text() == text


def test_a_diff_writes_nothing_and_git_can_apply_it(tmp_path: Path) -> None:
    path = put(tmp_path, text=DOCKERFILE.replace("\n", "\r\n") + "RUN x")
    before = path.read_bytes()
    done = boltseal(tmp_path, "fix", "--diff", "--from-layout", str(LAYOUT))
    assert done.returncode == 1
    assert path.read_bytes() == before
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=done.stdout, check=True)
    patched = path.read_bytes()
    path.write_bytes(before)
    boltseal(tmp_path, "fix", "--from-layout", str(LAYOUT))
    assert path.read_bytes() == patched


def test_what_a_layout_lacks_ends_with_3_and_the_rest_is_fixed(tmp_path: Path) -> None:
    path = put(tmp_path, text=DOCKERFILE + "FROM registry.example.com/none:1\n")
    done = boltseal(tmp_path, "fix", "--from-layout", str(LAYOUT))
    assert done.returncode == 3
    assert path.read_text().count("@sha256:") == 1
    assert b"not sealed" in done.stdout


def test_notes_do_not_fail_a_run(tmp_path: Path) -> None:
    put(tmp_path, text="ARG BASE\nFROM $BASE\n")
    done = boltseal(tmp_path, "check")
    assert done.returncode == 0
    assert b"note[unresolvable-reference]" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere"),
        ("check", "--no-such-option"),
        ("check", "-"),
        ("rule", "no-such-rule"),
        ("fix", "--from-layout", "nowhere"),
        ("fix", "--diff", "--format", "jsonl"),
    ],
)
def test_wrong_usage_ends_with_2_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = boltseal(tmp_path, *arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_an_unparsable_file_is_named_and_others_go_on(tmp_path: Path) -> None:
    put(tmp_path, "compose.yaml", "services: [image\n")
    put(tmp_path)
    rows = records(boltseal(tmp_path, "check", "--format", "jsonl").stdout)
    assert [(row["rule"], row["path"]) for row in rows] == [
        ("mutable-tag", "Dockerfile"),
        ("unparsable-file", "compose.yaml"),
    ]


def test_standard_input_is_linted_and_fixed(tmp_path: Path) -> None:
    name = ("-", "--stdin-filename", "x/Dockerfile")
    done = boltseal(tmp_path, "check", *name, stdin=DOCKERFILE.encode())
    assert (done.returncode, b"x/Dockerfile:1:6" in done.stdout) == (1, True)
    done = boltseal(tmp_path, "fix", *name, "--from-layout", str(LAYOUT), stdin=DOCKERFILE.encode())
    assert done.returncode == 0
    assert done.stdout.startswith(DOCKERFILE.strip().encode() + b"@sha256:")


def test_the_rules_document_themselves(tmp_path: Path) -> None:
    assert b"mutable-tag" in boltseal(tmp_path, "rule").stdout
    page = boltseal(tmp_path, "rule", "mutable-tag").stdout.decode()
    assert page == (ROOT / "docs" / "rules" / "mutable-tag.md").read_text()


@pytest.mark.registry
def test_fix_asks_a_real_registry(registry: Registry, tmp_path: Path) -> None:
    wanted = registry.push("multi", "team/app:1")
    path = put(tmp_path, text=f"FROM {registry.host}/team/app:1\n")
    assert boltseal(tmp_path, "fix").returncode == 0
    assert path.read_text() == f"FROM {registry.host}/team/app:1@{wanted}\n"


@pytest.mark.parametrize(("command", "code"), [("check", 1), ("list", 0)])
def test_check_and_list_open_no_socket(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: str,
    code: int,
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    put(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert start.run([command]) == code
    assert "mutable" in capfd.readouterr().out


def test_a_bug_ends_with_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("a\x1b[31m bug")

    monkeypatch.setattr(check, "run_check", fail)
    monkeypatch.chdir(tmp_path)
    assert start.run(["check"]) == 4
    shown = capfd.readouterr().err
    assert "this is a bug in boltseal" in shown
    assert "\x1b" not in shown


def test_colours_only_on_a_terminal(tmp_path: Path) -> None:
    put(tmp_path)
    assert b"\x1b" not in boltseal(tmp_path, "check").stdout


def test_the_demo_runs(tmp_path: Path) -> None:
    script = tmp_path / "boltseal"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m boltseal "$@"\n')
    script.chmod(0o755)
    subprocess.run(
        ["sh", str(ROOT / "examples" / "demo.sh"), str(script)], check=True, capture_output=True
    )
