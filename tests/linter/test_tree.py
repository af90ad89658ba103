"""The files around one: what may be read, and what never is."""

import os
from pathlib import Path

import pytest

from boltseal.tree import Trees


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a folder in it, which is the current one, and a secret beside it."""
    top = tmp_path / "top"
    (top / ".git").mkdir(parents=True)
    (top / "a" / "b").mkdir(parents=True)
    (top / "other").mkdir()
    (top / "other" / "x.yaml").write_text("x")
    (top / "a" / "y.yaml").write_text("y")
    (tmp_path / "secret.yaml").write_text("secret")
    monkeypatch.chdir(top / "a")
    return top


def test_a_tree_reaches_to_the_root_of_its_repository(repository: Path) -> None:
    tree = Trees().of("b/z.yaml")
    assert tree.root == ".."
    found = tree.read("b/../../other/x.yaml")
    assert found
    assert (found.path, found.data, found.tree) == ("../other/x.yaml", b"x", tree)


def test_nothing_outside_is_read_or_listed(repository: Path) -> None:
    tree = Trees().of("y.yaml")
    assert tree.read("../../secret.yaml") is None
    assert tree.read(str(repository.parent / "secret.yaml")) is None
    assert not tree.exists("../../secret.yaml")
    assert tree.files("../..", lambda _path: True) == ()


def test_links_are_not_followed(repository: Path) -> None:
    (repository / "a" / "link.yaml").symlink_to(repository.parent / "secret.yaml")
    (repository / "a" / "near.yaml").symlink_to("y.yaml")
    (repository / "a" / "out").symlink_to(repository.parent)
    tree = Trees().of("y.yaml")
    assert tree.read("link.yaml") is None
    assert tree.read("near.yaml") is None
    assert tree.read("out/secret.yaml") is None
    assert tree.files("out", lambda _path: True) == ()
    assert tree.files(".", lambda path: path.endswith(".yaml")) == ("y.yaml",)


def test_nothing_is_known_of_a_folder_with_too_much_in_it(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        (repository / "a" / "b" / f"d{number}").mkdir()
    (repository / "a" / "b" / "z.yaml").write_text("z")
    asked: list[str] = []
    tree = Trees().of("y.yaml")
    monkeypatch.setattr("boltseal.tree._MAX_ENTRIES", 11)
    assert tree.files("b", lambda path: path.endswith(".yaml")) == ("b/z.yaml",)
    monkeypatch.setattr("boltseal.tree._MAX_ENTRIES", 10)
    assert tree.files("b", lambda path: path.endswith(".yaml")) == ()
    (repository / "a" / "b" / "d0" / "deep").mkdir()
    (repository / "a" / "b" / "d0" / "deep" / "z.yaml").write_text("z")
    assert tree.files(".", lambda path: bool(asked.append(path))) == ()
    assert "b/d0/deep/z.yaml" not in asked


def test_what_is_no_regular_file_is_not_there(repository: Path) -> None:
    os.mkfifo(repository / "a" / "pipe.yaml")
    tree = Trees().of("y.yaml")
    assert tree.read("pipe.yaml") is None
    assert tree.read("b") is None
    assert tree.read("nothing.yaml") is None


def test_what_git_ignores_is_not_listed(repository: Path) -> None:
    (repository / "a" / ".gitignore").write_text("y.yaml\n")
    assert Trees().of("y.yaml").files(".", lambda path: path.endswith(".yaml")) == ()


def test_one_repository_is_one_tree(repository: Path) -> None:
    trees = Trees()
    assert trees.of("y.yaml") is trees.of("b/z.yaml") is trees.of("../other/x.yaml")


def test_a_file_named_elsewhere_has_the_tree_around_itself(repository: Path) -> None:
    secret = str(repository.parent / "secret.yaml")
    tree = Trees().of(secret)
    assert tree.root == str(repository.parent)
    assert tree.read(secret)


def test_without_a_repository_the_current_folder_is_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "out.yaml").write_text("x")
    monkeypatch.chdir(tmp_path / "in")
    tree = Trees().of("deep/x.yaml")
    assert tree.root == "."
    assert tree.read("../out.yaml") is None
