"""What git ignores, compared with what git itself says."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boltseal.candidate import Candidate
from boltseal.discover import discover

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="needs git")


def git(folder: Path, *arguments: str) -> bytes:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "HOME": str(folder),
    }
    assert GIT is not None
    done = subprocess.run(
        [GIT, "-C", str(folder), *arguments], env=environment, check=True, capture_output=True
    )
    return done.stdout


def write_all(folder: Path, texts: Mapping[str, str | bytes]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def kept_by_git(folder: Path) -> list[str]:
    out = git(folder, "ls-files", "-z", "--others", "--cached", "--exclude-standard")
    return sorted(os.fsdecode(name) for name in out.split(b"\0") if name)


def kept_by_us(folder: Path) -> list[str]:
    prefix = f"{folder}/"
    found = list(discover([str(folder)], wants=lambda _: True))
    assert all(isinstance(one, Candidate) for one in found)
    return sorted(one.path.removeprefix(prefix) for one in found)


FILES = (
    *(
        "a",
        "b",
        "a.log",
        "x.yaml",
        "#a",
        "!a",
        "a b",
        "a ",
        "ab",
        "a-b",
        "aXb",
        "a\\b",
        "a]b",
        "[a]",
    ),
    *("build/a", "build/x.yaml", "build/keep/x.yaml", "src/build/a", "src/a.log", "src/x.yaml"),
    *("src/keep/a.log", "src/deep/er/a.log", "src/deep/er/x.yaml", "docs/a/b/c", "docs/ab/c"),
    *("docs/x/build/y/build/z", "x.log/a", "src/x.log/a", "é", "src/é", "A", "1", "docs/1/a"),
    *("a\t", "foo/bar", "foox/bar", "foo/x/bar", "foox/y/bar", "fo/o", "tools/build/x/build/a"),
)

TABLE = {
    "a plain name matches anywhere": "a",
    "a slash at the start anchors": "/a",
    "a slash inside anchors": "src/build",
    "a slash at the end means folders": "build/\na/",
    "stars": "*.log\na*b\n*",
    "a list of what is allowed": "*\n!*/\n!*.yaml",
    "a list of what is allowed, at the top": "/*\n!/src/\n",
    "nothing comes back from an ignored folder": "build/\n!build/x.yaml\n!build/keep/",
    "a folder comes back, not what is inside": "build/\n!/docs/x/build/\n",
    "a file pattern outlives a folder that comes back": "*.log\n!src/\n!src/keep/a.log",
    "the last one wins": "*.log\n!a.log\na.log\n!/a.log",
    "two stars before": "**/build\n**/deep/**/a.log",
    "two stars behind": "src/**\n!src/x.yaml\n!src/deep/",
    "two stars between": "docs/**/c\n",
    "two stars in a name are one": "src/**.log\nfoo**bar\n",
    "two stars behind a literal start": "foo**/bar\n",
    "two stars alone": "**\n!**/\n!**/a",
    "two stars and a slash": "**/\n",
    "three stars": "***/c\nsrc/***",
    "question marks": "?\ndocs/?/\na?b",
    "a question mark is one byte": "??",
    "sets": "[ab]\n[!b]b\n[^1a]",
    "a set is never a slash": "fo[^x]o\nfo[/]o\nfo[.-0]o",
    "sets with brackets": "a[]]b\n[[]a]\n",
    "sets with dashes": "a[-x]b\n[0-9]\na[A-]b\na[Z-A]b",
    "sets with escapes": "a[\\]x]b\na[\\\\]b",
    "classes": "a[[:upper:]]b\n[[:digit:]]\n",
    "wrong classes": "a[[:nonsense:]]b\n[[:digit:]\n[[:]a]",
    "sets that do not end": "[a\na[\n[",
    "escaped hash and bang": "\\#a\n\\!a\n",
    "comments": "#a\n  #a\n",
    "escapes": "\\a\na\\ b\na\\\\b\na\\-b",
    "a backslash at the end": "a\\\nb\\",
    "trailing spaces": "a   \nb \\ \nsrc/ ",
    "escaped trailing spaces": "a\\ \n",
    "two escaped trailing spaces": "a\\ \\   ",
    "a trailing tab is part of the name": "a\t\n",
    "carriage returns": "a\r\n\r\n*.log\r\n!src/\r\n*.yaml\r",
    "empty lines and lone marks": "\n\n!\n/\n!/\n//a\n//",
    "a byte order mark": b"\xef\xbb\xbfa\n",
    "bytes that are no text": b"\xff*\n\xe9\n*.log\n",
    "a NUL byte": b"*.log\0x\na\0\n",
    "an escaped slash": "src\\/x.yaml\n**\\/a.log\n",
    "dots": "./a\n../b\n",
}


@needs_git
@pytest.mark.parametrize("patterns", TABLE.values(), ids=TABLE.keys())
def test_patterns_mean_what_they_mean_to_git(tmp_path: Path, patterns: str | bytes) -> None:
    git(tmp_path, "init", "-q")
    write_all(tmp_path, {**dict.fromkeys(FILES, ""), ".gitignore": patterns})
    assert kept_by_us(tmp_path) == kept_by_git(tmp_path)


NESTED: dict[str, dict[str, str]] = {
    "deeper files win": {".gitignore": "*.log\n", "src/.gitignore": "!a.log\n"},
    "a name inside is not one outside": {"src/.gitignore": "/a.log\nbuild/\n"},
    "an ignored folder's file is not read": {".gitignore": "src/\n", "src/.gitignore": "!*\n"},
    "info/exclude": {".git/info/exclude": "*.log\n/a\n"},
    "info/exclude is asked last": {".git/info/exclude": "*.log\n", ".gitignore": "!a.log\n"},
    "info/exclude and a folder that comes back": {
        ".git/info/exclude": "x.yaml\n",
        ".gitignore": "/*\n!/src/\n!.gitignore\n",
    },
    "all levels": {
        ".gitignore": "*\n!*/\n",
        "src/.gitignore": "!*.log\n",
        "src/deep/.gitignore": "*.log\n",
        "src/deep/er/.gitignore": "!/a.log\n",
    },
}


@needs_git
@pytest.mark.parametrize("texts", NESTED.values(), ids=NESTED.keys())
def test_pattern_files_combine_as_in_git(tmp_path: Path, texts: dict[str, str]) -> None:
    git(tmp_path, "init", "-q")
    write_all(tmp_path, {**dict.fromkeys(FILES, ""), **texts})
    assert kept_by_us(tmp_path) == kept_by_git(tmp_path)
    inner = tmp_path / "src"
    kept = [one.removeprefix("src/") for one in kept_by_git(tmp_path) if one.startswith("src/")]
    if kept:  # walking a part of it gives a part of it
        assert kept_by_us(inner) == kept


ATOMS = ("a", "b", ".log", "*", "**", "?", "/", "[ab]", "[!a]", "[^/]", "\\", "\\*", " ", "#", "!")
LINES = st.builds(
    lambda bang, parts, end: bang + "".join(parts) + end,
    st.sampled_from(("", "", "!")),
    st.lists(st.sampled_from(ATOMS), min_size=1, max_size=7),
    st.sampled_from(("", "", "/", " ")),
)
PATTERNS = st.lists(LINES, min_size=1, max_size=6).map("\n".join)
NAMES = ("a", "ab", "a.log", "b/a", "b/ba", "b/a.log/b", "b/b/a", "b/b/b.log", "aa/b/a/b", "*")


@needs_git
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(top=PATTERNS, inner=PATTERNS, exclude=PATTERNS)
def test_any_patterns_mean_what_they_mean_to_git(top: str, inner: str, exclude: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        # As much of a repository as git asks for, without starting a process for it.
        write_all(folder, {".git/HEAD": "ref: refs/heads/main\n", ".git/info/exclude": exclude})
        for part in ("objects", "refs"):
            (folder / ".git" / part).mkdir()
        write_all(folder, {**dict.fromkeys(NAMES, ""), ".gitignore": top, "b/.gitignore": inner})
        assert kept_by_us(folder) == kept_by_git(folder)


@needs_git
def test_a_worktree_has_the_exclude_file_of_its_repository(tmp_path: Path) -> None:
    main, tree = tmp_path / "main", tmp_path / "tree"
    main.mkdir()
    git(main, "init", "-q")
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    git(main, *identity, "commit", "-q", "--allow-empty", "-m", "x")
    git(main, "worktree", "add", "-q", str(tree))
    write_all(main, {".git/info/exclude": "*.log\n"})
    write_all(tree, {"a.log": "", "x.yaml": ""})
    assert kept_by_us(tree) == kept_by_git(tree) == ["x.yaml"]


def test_a_submodule_has_its_own_rules(tmp_path: Path) -> None:
    write_all(
        tmp_path,
        {
            ".git/HEAD": "",
            ".git/info/exclude": "a.yaml\n",
            ".git/modules/sub/HEAD": "",
            ".git/modules/sub/info/exclude": "b.yaml\n",
            ".gitignore": "c.yaml\n",
            "sub/.git": "gitdir: ../.git/modules/sub\n",
            **dict.fromkeys(
                [f"{folder}{name}.yaml" for folder in ("", "sub/") for name in "abc"], ""
            ),
        },
    )
    kept = [name for name in kept_by_us(tmp_path) if name.endswith(".yaml")]
    assert kept == ["b.yaml", "sub/a.yaml", "sub/c.yaml"]


def test_without_a_repository_the_pattern_files_of_the_tree_count(tmp_path: Path) -> None:
    write_all(tmp_path, {".gitignore": "a\n", "tree/.gitignore": "b\n", "tree/a": "", "tree/b": ""})
    assert kept_by_us(tmp_path / "tree") == [".gitignore", "a"]


def test_a_folder_that_is_ignored_is_looked_into_when_named(tmp_path: Path) -> None:
    write_all(tmp_path, {".git/HEAD": "", ".gitignore": "/out\n", "out/a": "", "out/in/b": ""})
    assert kept_by_us(tmp_path / "out") == ["a", "in/b"]
    assert kept_by_us(tmp_path / "out" / "in") == ["b"]


def test_pattern_files_that_cannot_be_read_count_for_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").mkdir()
    write_all(
        tmp_path, {".git/HEAD": "", "a": "", "b/a": "", "b/.gitignore": b"#" * 300_000 + b"\na\n"}
    )
    (tmp_path / "c").mkdir()
    write_all(tmp_path, {"c/a": "", "patterns": "a\n"})
    (tmp_path / "c" / ".gitignore").symlink_to(tmp_path / "patterns")
    assert {"a", "b/a", "c/a"} <= set(kept_by_us(tmp_path))


def test_a_git_file_that_names_nonsense_is_no_repository(tmp_path: Path) -> None:
    write_all(tmp_path, {".git": b"gitdir: \0\xff\n", ".gitignore": "b\n", "a": "", "b": ""})
    assert "a" in kept_by_us(tmp_path)
    assert "b" not in kept_by_us(tmp_path)


@pytest.mark.parametrize(
    "pattern", ["*a" * 20 + "*b", "*?" * 60 + "b", "**/a*" * 20 + "/b", "x/" + "**/*a/" * 20 + "b"]
)
def test_patterns_made_to_be_slow_are_not(tmp_path: Path, pattern: str) -> None:
    write_all(
        tmp_path, {".gitignore": pattern + "\n", "a" * 200: "", "x/" + "aaaa/" * 60 + "c": ""}
    )
    start = time.process_time()
    assert len(kept_by_us(tmp_path)) == 3
    assert time.process_time() - start < 2
