"""Hooks of pre-commit that run in an image."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools import problems, sealed, texts, uses

NAME = ".pre-commit-config.yaml"
HEAD = "repos:\n- repo: local\n  hooks:\n  - id: a\n    language: docker_image\n    entry: "


def test_hooks_of_other_languages_and_files_of_other_names_name_no_image() -> None:
    other = HEAD.replace("docker_image", "docker")
    assert texts(NAME, f"{other}a/b:1 # docker_image\n") == []
    assert texts("hooks.yaml", f"{HEAD}a/b:1\n") == []


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        ("a/b:1", "a/b:1@<docker.io/a/b:1>"),
        ("a/b:1 --x=y c:2 # é", "a/b:1@<docker.io/a/b:1> --x=y c:2 # é"),
        ("'--entrypoint /bin/é a/b:1 -c'", "'--entrypoint /bin/é a/b:1@<docker.io/a/b:1> -c'"),
        (
            '"--entrypoint=x --net host a/b:1"',
            '"--entrypoint=x --net host a/b:1@<docker.io/a/b:1>"',
        ),
    ],
)
def test_the_image_of_an_entry_is_sealed_and_nothing_behind_it(entry: str, after: str) -> None:
    assert sealed(NAME, f"{HEAD}{entry}\n") == f"{HEAD}{after}\n"


@pytest.mark.parametrize(
    "entry", ['"a/b:1 \\x41"', ">-\n      a/b:1\n      --all", "|\n      a/b:1 x"]
)
def test_an_entry_that_is_not_written_letter_by_letter_is_found(entry: str) -> None:
    (use,) = uses(NAME, f"{HEAD}{entry}\n")
    assert use.text == "a/b:1"


def test_hooks_that_a_repository_offers_are_found() -> None:
    text = "- id: a\n  language: docker_image\n  entry: a/b:1\n"
    assert texts("sub/.pre-commit-hooks.yaml", text) == ["a/b:1"]
    assert problems(".pre-commit-hooks.yaml", f"{text}  x: [\n")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab:/1- \t\n'\"é>|=", max_size=30))
def test_any_entry_is_read_and_a_second_fix_changes_nothing(entry: str) -> None:
    once = sealed(NAME, f"{HEAD}{entry}\n")
    assert len(once) >= len(HEAD) + len(entry)
    for use in uses(NAME, f"{HEAD}{entry}\n"):
        assert use.text
