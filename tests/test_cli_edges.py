"""The commands where they meet links, pipes, odd names and their own bugs."""

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from boltseal import start
from boltseal.commands import check as commands_check
from boltseal.commands import fix as commands_fix
from boltseal.fixing import Inconsistent
from boltseal.repertoire import Repertoire
from boltseal.report.form import Format
from tests.tools import digest

ROOT = Path(__file__).parent.parent
LAYOUT = str(ROOT / "examples" / "layout")
NAME = "registry.example.com/base/python:3.12"
DOCKERFILE = f"FROM {NAME}\n".encode()
POD = b"apiVersion: v1\nkind: Pod\nspec: {containers: [{image: '" + NAME.encode() + b"'}]}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fixed_by_layout(*arguments: str) -> int:
    return start.run(["fix", "--from-layout", LAYOUT, *arguments])


# Pipes


def closed_pipe(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run with a standard output that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [sys.executable, "-m", "boltseal", *arguments],
            cwd=folder,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("count", [1, 3000])
def test_a_reader_that_leaves_is_no_error(folder: Path, count: int) -> None:
    (folder / "Dockerfile").write_bytes(DOCKERFILE * count)
    done = closed_pipe(folder, "check")
    assert done.stderr == b""
    assert done.returncode == 141


# Names


@pytest.mark.parametrize(
    "name", ["a b/Dockerfile", "é😀.Dockerfile", "-x.Dockerfile", "[a]/pod.yaml"]
)
def test_odd_names_are_found_and_fixed(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(POD if name.endswith("yaml") else DOCKERFILE)
    assert fixed_by_layout(".") == 0
    assert b"@sha256:" in path.read_bytes()


def test_a_name_that_is_no_text_is_shown_and_fixed(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = folder / "\udcff\x1b.Dockerfile"
    path.write_bytes(DOCKERFILE)
    assert start.run(["check"]) == 1
    shown = capfd.readouterr().out
    assert shown.startswith("\\udcff\\x1b.Dockerfile:1:6: ")
    assert start.run(["check", "--format", "jsonl"]) == 1
    assert json.loads(capfd.readouterr().out)["path"] == "\ufffd\x1b.Dockerfile"
    assert fixed_by_layout() == 0
    assert b"@sha256:" in path.read_bytes()


def test_naming_a_file_finds_what_walking_to_it_finds(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = {
        "values.yaml": b"# {{ x }}\nimage: {repository: a/b, tag: v1, digest: ''}\n",
        "pod.yaml": POD,
        "Dockerfile": DOCKERFILE,
        "chart/templates/pod.yaml": b"{{ if x }}\n" + POD + b"{{ end }}\n",
        "site.yml": b"image: cat\nrepository: acme/site\ntag: blog\n",
        "ci.yml": b"jobs: {a: {container: {image: 'python:3'}}}\n",
        "play.yml": b"- name: {{ x }}\n  image: {{ y\n",
        "README.md": b"{{ x }}\nimage: nginx:1\n",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(data)
    start.run(["list", "--format", "jsonl", "."])
    walked = sorted(capfd.readouterr().out.splitlines())
    start.run(["list", "--format", "jsonl", *files])
    named = sorted(capfd.readouterr().out.splitlines())
    assert len(walked) == 4
    assert named == walked


def test_included_files_are_looked_at_whatever_they_are_called(folder: Path) -> None:
    (folder / "pod.txt").write_bytes(POD)
    assert start.run(["check"]) == 0
    assert start.run(["check", "--include", "*.txt"]) == 1


# Writing


def test_a_link_stays_and_what_it_leads_to_is_fixed(folder: Path) -> None:
    target, link = folder / "real" / "Dockerfile", folder / "Dockerfile"
    target.parent.mkdir()
    target.write_bytes(DOCKERFILE)
    target.chmod(0o640)
    link.symlink_to("real/Dockerfile")
    assert fixed_by_layout("Dockerfile") == 0
    assert link.is_symlink()
    assert b"@sha256:" in target.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_that_leads_out_of_the_tree_is_not_followed(folder: Path) -> None:
    outside = folder / "outside"
    outside.write_bytes(DOCKERFILE)
    tree = folder / "tree"
    tree.mkdir()
    (tree / "Dockerfile").symlink_to(outside)
    fixed_by_layout("tree")
    assert outside.read_bytes() == DOCKERFILE


def test_nothing_to_fix_writes_nothing(folder: Path) -> None:
    path = folder / "Dockerfile"
    path.write_bytes(DOCKERFILE.replace(b"\n", f"@{digest('x')}\n".encode()))
    before = path.stat()
    assert fixed_by_layout() == 0
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_bug_in_one_file_leaves_it_and_the_others_are_fixed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.Dockerfile").write_bytes(DOCKERFILE)
    (folder / "b.Dockerfile").write_bytes(DOCKERFILE)
    real = commands_fix.fix

    def sometimes(knowledge, item, *rest, **options):
        if item.source.path.startswith("a"):
            raise Inconsistent("a.Dockerfile: reads\x1b otherwise")
        return real(knowledge, item, *rest, **options)

    monkeypatch.setattr(commands_fix, "fix", sometimes)
    assert fixed_by_layout() == 4
    assert (folder / "a.Dockerfile").read_bytes() == DOCKERFILE
    assert b"@sha256:" in (folder / "b.Dockerfile").read_bytes()
    shown = capfd.readouterr()
    assert "a bug in boltseal: a.Dockerfile: reads\\x1b otherwise" in shown.err
    assert "a.Dockerfile:1:6" in shown.out


@pytest.mark.parametrize("raised", [RecursionError, MemoryError, KeyError])
def test_a_place_that_fails_in_one_file_does_not_hide_the_others(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    raised: type[Exception],
) -> None:
    (folder / "a.Dockerfile").write_bytes(DOCKERFILE)
    (folder / "b.Dockerfile").write_bytes(DOCKERFILE)
    known = Repertoire.__call__

    def failing(repertoire, path):
        knowledge = known(repertoire, path)
        place = next(it for it in knowledge.places if it.name == "dockerfile")

        def find(source):
            if source.path.startswith("a"):
                raise raised("too\x1bmuch")
            return place.find(source)

        return knowledge._replace(places=(place._replace(find=find),))

    monkeypatch.setattr(Repertoire, "__call__", failing)
    for command in (["check"], ["list"], ["fix", "--from-layout", LAYOUT]):
        assert start.run(command) == 4
        shown = capfd.readouterr()
        assert (
            f"a bug in boltseal: a.Dockerfile: {raised.__name__} (test_cli_edges.py:" in shown.err
        )
        assert "the file is left as it was" in shown.err
        assert "\x1b" not in shown.err
        assert "b.Dockerfile:1:6" in shown.out or command[0] == "fix"
    assert (folder / "a.Dockerfile").read_bytes() == DOCKERFILE
    assert b"@sha256:" in (folder / "b.Dockerfile").read_bytes()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("check Dockerfile >&-", 1),
        ("check --format jsonl Dockerfile >&-", 1),
        ("check missing 2>&-", 2),
        ("check missing >&- 2>&-", 2),
        ("fix --diff missing 2>&-", 2),
    ],
)
def test_a_stream_that_is_closed_changes_no_exit_code(
    folder: Path, command: str, code: int
) -> None:
    (folder / "Dockerfile").write_bytes(DOCKERFILE)
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m boltseal {command}', sys.executable],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("options", [[], ["--format", "text"]])
def test_an_interrupt_ends_a_run_without_a_traceback(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    (folder / "Dockerfile").write_bytes(DOCKERFILE)
    monkeypatch.setattr(commands_check, "run_check", interrupted)
    assert start.run(["check", *options, "Dockerfile"]) == 130
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that only Linux has")
def test_an_error_that_cannot_be_told_keeps_its_exit_code(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "boltseal", "check", "missing"],
            cwd=folder,
            stderr=full,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that only Linux has")
@pytest.mark.parametrize("arguments", [["check", "."], ["list"]])
def test_a_full_disk_is_told_in_one_line(folder: Path, arguments: list[str]) -> None:
    (folder / "Dockerfile").write_bytes(DOCKERFILE)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "boltseal", *arguments],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr == ("boltseal: cannot write to standard output: No space left on device\n")


# Standard input


@pytest.mark.parametrize("data", [b"", b"FROM x:1\xff\n", b"\xff\xfeF\x00"])
def test_what_cannot_be_fixed_comes_back_as_it_went_in(folder: Path, data: bytes) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "boltseal", "fix", "--from-layout", LAYOUT),
            *("-", "--stdin-filename", "Dockerfile"),
        ],
        input=data,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == data
    assert b"Traceback" not in done.stderr


def test_too_much_on_standard_input_is_refused_and_not_cut(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("boltseal.intake.MAX_SIZE", 10)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DOCKERFILE)))
    assert fixed_by_layout("-", "--stdin-filename", "Dockerfile") == 2
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
def test_colours_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    from boltseal.style import style_for

    class Terminal:
        def isatty(self) -> bool:
            return True

    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert style_for(Terminal()).colours  # type: ignore[arg-type]
    monkeypatch.setenv(variable, "dumb")
    assert not style_for(Terminal()).colours  # type: ignore[arg-type]


def test_a_terminal_that_knows_no_wide_characters_ends_no_run(folder: Path) -> None:
    (folder / "é😀.Dockerfile").write_bytes(DOCKERFILE + "FROM é # 😀\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "boltseal", "check"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (
            ("check", "--select", "mutable_tag"),
            "--select: unknown rule 'mutable_tag'; did you mean",
        ),
        (
            ("check", "--ignore", "mutable_tag"),
            "--ignore: unknown rule 'mutable_tag'; did you mean",
        ),
        (("rule", "mutable_tag"), "unknown rule 'mutable_tag'; did you mean 'mutable-tag'?"),
        (
            ("check", "--pragmas", "zizmo"),
            "pragmas: unknown program 'zizmo'; did you mean 'zizmor'?",
        ),
    ],
)
def test_a_name_that_is_none_is_told_with_the_option_and_what_was_meant(
    typed: tuple[str, ...], answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.run([*typed]) == 2
    assert f"boltseal: {answer}" in capsys.readouterr().err


def test_help_names_every_form_and_gives_no_value_to_a_switch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert start.run(["check", "--help"]) == 0
    words = capsys.readouterr().out.split()
    assert all({str(form), f"{form},", f"{form}."} & {*words} for form in Format)
    assert words[words.index("--watch") + 1] == "Check"
