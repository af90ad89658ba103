"""Globs as in .gitignore, for files: git itself is asked what each of them matches."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boltseal.gitglob import matcher, problem

FILES = ("a", "b.yaml", "a.b/c", "d/a", "d/e/b.yaml", "d/e/f/a", "g/h", "ä/b")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", top], check=True)
    return top


def asked_of_git(top: Path, globs: list[str]) -> set[str]:
    (top / ".gitignore").write_text("\n".join(globs) + "\n", "utf-8")
    asked = "\0".join(FILES).encode()
    command = ["git", "-C", str(top), "check-ignore", "--no-index", "-z", "--stdin"]
    shown = subprocess.run(command, input=asked, capture_output=True).stdout
    return {name for name in shown.decode().split("\0") if name}


GLOBS = st.text("ad/e*!?[]\\.b", min_size=1, max_size=6)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(globs=st.lists(GLOBS, min_size=1, max_size=3))
def test_the_last_glob_decides_that_matches_by_what_git_says(
    repository: Path, globs: list[str]
) -> None:
    expected = set()
    for glob in globs:
        found = asked_of_git(repository, [glob.removeprefix("!")])
        expected = expected - found if glob.startswith("!") else expected | found
    matches = matcher(globs)
    assert {name for name in FILES if matches(name)} == expected


def test_what_is_in_a_folder_can_be_taken_back() -> None:
    matches = matcher(["d/", "!d/e/", "d/e/f/"])
    assert [name for name in FILES if matches(name)] == ["d/a", "d/e/f/a"]
    assert not matcher(["*", "!d/e/b.yaml"])("d/e/b.yaml")


@pytest.mark.parametrize("glob", ["[a", "a\\", "#a", "", " ", "!", "/", "a\nb", "a\0", "[[:no:]]"])
def test_what_matches_nothing_is_told(glob: str) -> None:
    assert "matches nothing" in problem(glob)


@pytest.mark.parametrize("glob", ["a", "!a", "a/", "/a", "**", "[a]", "\\#a", "a b", "ä?"])
def test_a_glob_is_no_problem(glob: str) -> None:
    assert problem(glob) == ""


def test_stars_that_could_be_read_in_many_ways_cost_no_more() -> None:
    assert not matcher(["**/" + "*a" * 100 + "b", "**/a*/" * 30 + "b"])("a" * 250 + "/a" * 100)
