"""The plain check says what Typer's says, and loads no more than it needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from boltseal import start

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n"
JOBS = "IMAGE = 'nginx:1.27'\nrun(image=IMAGE)\nrun(image=f'{IMAGE}-{variant}')\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "broken.yaml").write_text(f"{POD}  x: [\n")
    (tmp_path / "jobs.py").write_text(f"import docker\n{JOBS}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "compose.yaml").write_text("services: {a: {image: 'redis:8'}}\n")
    (tmp_path / "sub" / "list.txt").write_text("nothing\n")
    (tmp_path / "check").write_text("FROM scratch\n")
    (tmp_path / "ümlaut.dockerfile").write_bytes(b"FROM b\xff:1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


PLAIN = (
    ["Dockerfile"],
    ["Dockerfile", "pod.yaml", "jobs.py"],
    ["pod.yaml", "pod.yaml", "./pod.yaml"],
    ["."],
    ["sub"],
    ["sub/", "Dockerfile"],
    ["sub/list.txt"],
    ["check"],
    ["broken.yaml"],
    ["ümlaut.dockerfile"],
    ["missing"],
    ["Dockerfile", "missing"],
    [""],
    ["a\0b"],
    ["a b\x1b[31m"],
    ["sub/../Dockerfile"],
)


@pytest.mark.parametrize("paths", PLAIN)
@pytest.mark.parametrize("config", ["", 'disable-places = ["dockerfile"]', "unknown = 1", "= ["])
def test_both_ways_say_the_same_and_end_with_the_same_code(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    paths: list[str],
    config: str,
) -> None:
    if config:
        (folder / "boltseal.toml").write_text(f"{config}\n")
    arguments = ["check", *paths]
    assert start.is_plain(arguments)
    code = start.run(arguments)
    quick = capsys.readouterr()
    monkeypatch.setattr(start, "is_plain", lambda _: False)
    assert start.run(arguments) == code
    assert capsys.readouterr() == quick


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["check", "-"],
        ["check", "--", "Dockerfile"],
        ["check", "--help"],
        ["check", "Dockerfile", "--format", "jsonl"],
        ["check", "-x"],
        ["fix", "Dockerfile"],
        ["list", "Dockerfile"],
        ["chec", "Dockerfile"],
        ["--version"],
    ],
)
def test_anything_else_goes_to_typer(arguments: list[str]) -> None:
    assert not start.is_plain(arguments)


def test_a_shell_that_asks_for_completions_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_BOLTSEAL_COMPLETE", "complete_bash")
    assert not start.is_plain(["check", "Dockerfile"])


# What is loaded

SLOW = frozenset(
    {
        *("typer", "click", "rich", "httpx", "httpcore", "libcst", "pydantic"),
        *("dockerfile_parse", "platformdirs", "ssl", "socket", "asyncio", "subprocess"),
        *("concurrent", "multiprocessing", "tempfile", "shutil", "logging", "inspect"),
        *("pathlib", "traceback", "dataclasses", "importlib.metadata", "urllib", "tomllib"),
    }
)
PROGRAM = (
    "import sys\n"
    "from boltseal import start\n"
    "start.run(sys.argv[1:])\n"
    "sys.stdout.write('|' + ' '.join(sys.modules))\n"
)


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that a run loads, but for those that Python loads to start."""
    environment = {
        key: value for key, value in os.environ.items() if key != "COVERAGE_PROCESS_START"
    }

    def modules(program: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return set(done.stdout.rpartition("|")[2].split())

    bare = modules("import sys\nsys.stdout.write('|' + ' '.join(sys.modules))\n")
    return modules(PROGRAM) - bare


def places(names: set[str]) -> set[str]:
    prefix = "boltseal_rules.places."
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


@pytest.mark.parametrize(
    ("name", "place", "also"),
    [
        ("Dockerfile", "dockerfile", set()),
        ("pod.yaml", "kubernetes", {"ruamel"}),
        ("sub/compose.yaml", "compose", {"ruamel"}),
        ("jobs.py", "python", set()),
    ],
)
def test_a_plain_check_of_one_file_loads_its_place_alone(
    folder: Path, name: str, place: str, also: set[str]
) -> None:
    names = loaded(folder, "check", name)
    assert places(names) == {place}
    assert {it for it in names if it in SLOW or it.partition(".")[0] in SLOW} == set()
    third = {it.partition(".")[0] for it in names} - sys.stdlib_module_names
    assert {it for it in third if not it.startswith(("boltseal", "_", "cython_"))} == also
    assert not any(it.startswith(("boltseal.cli", "boltseal_rules.guides")) for it in names)


def test_a_check_that_typer_reads_loads_no_network(folder: Path) -> None:
    names = loaded(folder, "check", "--format", "jsonl", "pod.yaml")
    assert {"httpx", "ssl", "libcst", "dockerfile_parse"} & names == set()
