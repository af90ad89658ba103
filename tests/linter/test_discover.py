"""Which files are looked at, how they are called, and in which order."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from boltseal.candidate import Candidate, Found, Problem
from boltseal.discover import MissingPath, discover
from boltseal.errors import UsageError


def wants(path: str) -> bool:
    return path.endswith(".yaml")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory that has a folder around it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def touch(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()


def found(*paths: str, **options: list[str]) -> list[Found]:
    return list(discover(paths, wants=wants, **options))  # type: ignore[arg-type]


def shown(*paths: str, **options: list[str]) -> list[str]:
    results = found(*paths, **options)
    assert all(isinstance(one, Candidate) for one in results), results
    return [one.path for one in results]


# How files are called, and their order


def test_an_empty_folder_has_no_files(tree: Path) -> None:
    assert found(".") == []


def test_nothing_named_is_nothing_found(tree: Path) -> None:
    assert found() == []


def test_only_wanted_files_are_found(tree: Path) -> None:
    touch("a.yaml", "b.txt", "in/c.yaml", "in/d")
    assert shown(".") == ["a.yaml", "in/c.yaml"]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (".", "in/a.yaml"),
        ("./", "in/a.yaml"),
        ("in", "in/a.yaml"),
        ("in/", "in/a.yaml"),
        ("./in//", "in/a.yaml"),
        ("././/in", "in/a.yaml"),
        ("../here", "../here/in/a.yaml"),
        ("..", "../here/in/a.yaml"),
        ("./in/a.yaml", "in/a.yaml"),
    ],
)
def test_files_are_called_as_the_user_would(tree: Path, named: str, expected: str) -> None:
    touch("in/a.yaml")
    assert shown(named) == [expected]


def test_what_is_named_absolutely_is_shown_absolutely(tree: Path) -> None:
    touch("in/a.yaml")
    assert shown(str(tree)) == [f"{tree}/in/a.yaml"]
    assert shown(str(tree / "in" / "a.yaml")) == [f"{tree}/in/a.yaml"]


def test_files_come_before_folders_each_by_name(tree: Path) -> None:
    touch("b/b.yaml", "b/a/z.yaml", "z.yaml", "a/c.yaml", "B.yaml", "b.yaml")
    expected = ["B.yaml", "b.yaml", "z.yaml", "a/c.yaml", "b/b.yaml", "b/a/z.yaml"]
    assert shown(".") == expected


def test_files_named_come_first_and_as_explicit(tree: Path) -> None:
    touch("in/a.yaml", "b.txt")
    assert found("in", "b.txt") == [Candidate("b.txt", explicit=True), Candidate("in/a.yaml")]


def test_each_file_comes_once(tree: Path) -> None:
    touch("a.yaml", "in/b.yaml")
    assert shown("a.yaml", "./a.yaml", ".", "in", str(tree)) == ["a.yaml", "in/b.yaml"]
    assert found("a.yaml", ".")[0] == Candidate("a.yaml", explicit=True)


def test_names_that_are_no_text_are_found(tree: Path) -> None:
    name = os.fsdecode(b"\xff.yaml")
    try:
        touch(name)
    except OSError:
        pytest.skip("this file system has no such names")
    assert shown(".") == [name]


def test_wants_is_asked_with_the_path_as_shown(tree: Path) -> None:
    touch("in/deep/a")
    asked: list[str] = []

    def remember(path: str) -> bool:
        asked.append(path)
        return False

    assert list(discover(["in"], wants=remember)) == []
    assert asked == ["in/deep/a"]


# What is not entered


def test_the_insides_of_tools_are_not_entered(tree: Path) -> None:
    skipped = (".git", ".hg", ".svn", "node_modules", ".tox", ".nox", "__pycache__", ".terraform")
    touch(*(f"in/{name}/a.yaml" for name in skipped), "in/a.yaml")
    assert shown(".") == ["in/a.yaml"]


def test_a_python_environment_is_not_entered_whatever_its_name(tree: Path) -> None:
    touch("env/pyvenv.cfg", "env/a.yaml", "env/lib/b.yaml", "venv/c.yaml")
    assert shown(".") == ["venv/c.yaml"]


def test_what_would_not_be_entered_is_entered_when_named(tree: Path) -> None:
    touch("node_modules/a.yaml", "env/pyvenv.cfg", "env/b.yaml")
    assert shown("node_modules", "env") == ["node_modules/a.yaml", "env/b.yaml"]


def test_what_git_ignores_is_not_looked_at(tree: Path) -> None:
    touch("a.yaml", "out/b.yaml")
    Path(".gitignore").write_text("out/\n")
    assert shown(".") == ["a.yaml"]
    everything = discover(["."], wants=wants, gitignore=False)
    assert [one.path for one in everything] == ["a.yaml", "out/b.yaml"]


def test_a_file_that_is_named_is_looked_at_whatever_the_rules(tree: Path) -> None:
    touch("out/b.txt")
    Path(".gitignore").write_text("out/\n")
    assert found("out/b.txt", exclude=["*"]) == [Candidate("out/b.txt", explicit=True)]


# Globs


def test_included_files_are_looked_at_whatever_their_name(tree: Path) -> None:
    touch("a.tmpl", "in/b.tmpl", "in/c.txt", "c.yaml")
    assert shown(".", include=["in/*.tmpl"]) == ["c.yaml", "in/b.tmpl"]
    assert shown("in", include=["in/*.tmpl"]) == ["in/b.tmpl"]
    assert shown(".", include=["in/"]) == ["c.yaml", "in/b.tmpl", "in/c.txt"]


def test_included_files_may_still_be_ignored(tree: Path) -> None:
    touch("a.tmpl", "b.tmpl", "c.tmpl")
    Path(".gitignore").write_text("a.tmpl\n")
    assert shown(".", include=["*.tmpl"], exclude=["b.tmpl"]) == ["c.tmpl"]


def test_excluded_files_are_not_looked_at(tree: Path) -> None:
    touch("a.yaml", "in/a.yaml", "in/b.yaml", "vendor/deep/c.yaml")
    assert shown(".", exclude=["vendor/", "/a.yaml"]) == ["in/a.yaml", "in/b.yaml"]
    assert shown("in", exclude=["in/a.yaml"]) == ["in/b.yaml"]


def test_an_exclusion_may_be_taken_back_by_a_later_glob(tree: Path) -> None:
    touch("a.yaml", "in/a.yaml", "in/b.yaml")
    assert shown(".", exclude=["*", "!in/b.yaml"]) == ["in/b.yaml"]


def test_globs_are_relative_to_a_folder_outside_the_current_directory(tree: Path) -> None:
    touch("../other/a.yaml", "../other/in/a.yaml")
    assert shown("../other", exclude=["/a.yaml"]) == ["../other/in/a.yaml"]


@pytest.mark.parametrize("glob", ["a\\", "[a", "", "#a"])
def test_a_glob_that_is_none_is_an_error_in_one_line(tree: Path, glob: str) -> None:
    with pytest.raises(UsageError, match=r"\A--exclude: [^\n]+\Z"):
        found(".", exclude=[glob])


# What is not there, or is no file


@pytest.mark.parametrize("name", ["", "none", "a.yaml/none", "a\0b", "none\nno"])
def test_a_path_that_does_not_exist_is_an_error_before_anything_else(tree: Path, name: str) -> None:
    touch("a.yaml")
    with pytest.raises(MissingPath, match=r"\Ano such file or folder: [^\n]+\Z"):
        discover(["a.yaml", name], wants=wants)


def test_a_folder_that_cannot_be_listed_is_reported(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch("a/a.yaml", "b/b.yaml", "c/c.yaml")
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if path.rstrip("/").endswith("/b"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    denied = Problem("b", "Permission denied")
    assert found(".") == [Candidate("a/a.yaml"), denied, Candidate("c/c.yaml")]
    assert found("b", "b/") == [denied]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_what_is_no_regular_file_is_passed_over_and_reported_when_named(tree: Path) -> None:
    os.mkfifo("a.yaml")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("b.yaml")
        assert found(".") == []
        reason = "not a regular file"
        named = found("a.yaml", "b.yaml", os.devnull)
    assert named == [Problem(name, reason) for name in ("a.yaml", "b.yaml", os.devnull)]


# Symbolic links


def test_links_to_folders_are_not_followed(tree: Path) -> None:
    touch("in/a.yaml")
    Path("in/loop").symlink_to("..")
    Path("again.yaml").symlink_to("in")
    assert shown(".") == ["in/a.yaml"]


def test_a_link_is_looked_at_if_what_it_leads_to_is_not(tree: Path) -> None:
    touch("in/base", "in/a.yaml")
    Path("b.yaml").symlink_to("in/base")
    Path("c.yaml").symlink_to("in/a.yaml")
    Path("d.yaml").symlink_to("b.yaml")
    Path("e.txt").symlink_to("in/base")
    assert found(".") == [Candidate("b.yaml", link=True), Candidate("in/a.yaml")]


def test_links_that_lead_out_of_the_folder_are_not_looked_at(tree: Path) -> None:
    touch("../secret", "in/x", "secret")
    Path("in/a.yaml").symlink_to("../../secret")
    Path("in/b.yaml").symlink_to(tree.parent / "secret")
    Path("in/c.yaml").symlink_to("nowhere")
    Path("in/d.yaml").symlink_to("../secret")
    Path("in/e.yaml").symlink_to(os.devnull)
    assert found("in") == []


def test_links_into_the_insides_of_tools_are_not_looked_at(tree: Path) -> None:
    touch(".git/config")
    Path("a.yaml").symlink_to(".git/config")
    assert found(".") == []


def test_a_link_that_is_named_must_lead_into_the_current_directory(tree: Path) -> None:
    touch("../secret", "../folder/a.yaml", "in/base")
    Path("a.yaml").symlink_to("../secret")
    Path("b.yaml").symlink_to("in/base")
    Path("c.yaml").symlink_to("nowhere")
    Path("d").symlink_to("../folder")
    out = "a symbolic link that leads out of the current directory"
    assert found("a.yaml", "b.yaml", "c.yaml", "d") == [
        Problem("a.yaml", out),
        Candidate("b.yaml", explicit=True, link=True),
        Problem("c.yaml", "a symbolic link that leads nowhere"),
        Problem("d", out),
    ]


def test_a_link_and_its_target_are_one_file(tree: Path) -> None:
    touch("a.yaml")
    Path("b.yaml").symlink_to("a.yaml")
    assert shown("b.yaml", "a.yaml") == ["b.yaml"]


def test_a_folder_reached_by_a_link_inside_is_walked_when_named(tree: Path) -> None:
    touch("in/a.yaml")
    Path("link").symlink_to("in")
    assert shown("link") == ["link/a.yaml"]
    assert shown("link", "in") == ["link/a.yaml"]
