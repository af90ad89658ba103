"""Which lines count as changed, told from real repositories."""

import os
import subprocess
from pathlib import Path

import pytest

from boltseal import changes, git
from boltseal.changes import Changes, Lines
from boltseal.engine import judge
from boltseal.errors import UsageError
from boltseal.finding import Finding, Severity
from boltseal.source import Source, Span
from tests.tools import KNOWLEDGE, inspected, tree

HARD_NAMES = [
    "a b",
    " a",
    "a\t",
    "ä€😀",
    'q"uote',
    "back\\slash",
    "new\nline",
    "a -> b",
    "b/x",
    "\x7f",
]
OWN = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


@pytest.fixture(autouse=True)
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository on branch ``main``, which is the current folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in OWN.items():
        monkeypatch.setenv(name, value)
    repo = tmp_path / "repo"
    repo.mkdir()
    monkeypatch.chdir(repo)
    run("init", "-q", "-b", "main")
    return repo


def run(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def put(path: str, *lines: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("".join(f"{line}\n" for line in lines))


def commit(message: str = "m") -> None:
    run("add", "-A")
    run("commit", "-q", "-m", message, "--allow-empty")


def branch() -> None:
    run("switch", "-q", "-c", "topic")


def touched(path: str, *, of: int = 12, found: Changes | None = None) -> list[int]:
    """The lines of a file that count as changed, asked one by one."""
    found = found or changes.since("main")
    return [line for line in range(1, of + 1) if found.touches(path, Lines(line, line))]


NUMBERS = [str(number) for number in range(1, 13)]


# What counts


def test_a_tree_without_a_change_has_none() -> None:
    put("f", *NUMBERS)
    commit()
    found = changes.since("HEAD")
    assert not found.changed
    assert not found.has("f")
    assert touched("f", found=found) == []


def test_committed_staged_and_unstaged_changes_count() -> None:
    put("f", *NUMBERS)
    commit()
    branch()
    put("f", "new", *NUMBERS[1:])
    commit()
    put("f", "new", *NUMBERS[1:5], "new", *NUMBERS[6:])
    run("add", "f")
    put("f", "new", *NUMBERS[1:5], "new", *NUMBERS[6:9], "new", "new", *NUMBERS[11:])
    assert touched("f") == [1, 6, 10, 11]


def test_what_was_changed_and_changed_back_does_not_count() -> None:
    put("f", *NUMBERS)
    commit()
    branch()
    put("f", "new")
    commit()
    put("f", *NUMBERS)
    assert touched("f") == []


def test_untracked_files_count_as_a_whole_and_ignored_ones_do_not() -> None:
    put(".gitignore", "ignored")
    commit()
    put("sub/new", *NUMBERS)
    put("ignored", *NUMBERS)
    assert touched("sub/new") == list(range(1, 13))
    assert touched("ignored") == []


def test_a_new_file_that_is_staged_or_only_announced_counts_as_a_whole() -> None:
    commit()
    put("staged", *NUMBERS)
    put("announced", *NUMBERS)
    run("add", "staged")
    run("add", "-N", "announced")
    assert touched("staged") == touched("announced") == list(range(1, 13))


def test_what_the_other_branch_changed_meanwhile_does_not_count() -> None:
    put("f", *NUMBERS)
    commit()
    branch()
    put("f", *NUMBERS[:-1], "ours")
    commit()
    run("switch", "-q", "main")
    put("f", "theirs", *NUMBERS[1:])
    commit()
    run("switch", "-q", "topic")
    assert touched("f") == [12]


def test_lines_that_only_moved_down_do_not_count() -> None:
    put("f", *NUMBERS)
    commit()
    put("f", "new", *NUMBERS)
    assert touched("f") == [1]


def test_deleted_lines_are_no_lines_but_the_file_was_changed() -> None:
    put("f", *NUMBERS)
    put("g", *NUMBERS)
    commit()
    put("f", *NUMBERS[:4], *NUMBERS[6:])
    Path("g").unlink()
    found = changes.since("main")
    assert touched("f", found=found) == []
    assert found.has("f")
    assert not found.has("g")
    assert [Path(path).name for path in found.paths] == ["f"]


def test_a_file_that_was_renamed_counts_where_it_was_changed() -> None:
    put("old/f", *NUMBERS)
    commit()
    branch()
    run("mv", "old", "new")
    put("new/f", *NUMBERS[:5], "new", *NUMBERS[6:])
    commit()
    assert touched("new/f") == [6]


def test_a_change_of_the_mode_alone_touches_nothing() -> None:
    put("f", *NUMBERS)
    put("g", *NUMBERS)
    commit()
    Path("f").chmod(0o755)
    put("g", "new", *NUMBERS[1:])
    found = changes.since("main")
    assert touched("f", found=found) == []
    assert touched("g", found=found) == [1]


def test_content_that_looks_like_a_diff_is_content() -> None:
    put("f", "-- a/f", "@@ -1 +1 @@", *NUMBERS)
    commit()
    put("f", "++ b/g", "@@ -9 +9,3 @@", "diff --git a/g b/g", "--- a/g", "+++ b/g", *NUMBERS)
    found = changes.since("main")
    assert list(found.changed) == ["f"]
    assert touched("f", of=17, found=found) == [1, 2, 3, 4, 5]


def test_a_file_without_a_line_end_and_very_long_lines_are_counted_right() -> None:
    Path("f").write_text("a\n" + "x" * 200_000 + "\nb")
    commit()
    Path("f").write_text("a\n" + "y" * 200_000 + "\nb\nc")
    assert touched("f") == [2, 3, 4]


def test_what_git_takes_for_binary_and_other_line_ends_do_not_hide_lines() -> None:
    put(".gitattributes", "* binary -diff eol=crlf")
    Path("f").write_bytes(b"a\r\nb\0\r\nc\r\n")
    commit()
    Path("f").write_bytes(b"a\r\nb\0\r\nd\r\n")
    assert touched("f") == [3]


def test_an_encoding_that_a_tree_gives_to_a_file_does_not_hide_lines() -> None:
    commit()
    branch()
    put(".gitattributes", "f working-tree-encoding=IBM037", "[attr]odd working-tree-encoding=UTF-7")
    put("f", *NUMBERS)
    Path("d").mkdir()
    put("d/.gitattributes", "g odd")
    put("d/g", *NUMBERS)
    commit()
    assert touched("f") == list(range(1, 13))
    assert touched("d/g") == list(range(1, 13))
    assert touched(".gitattributes") == [1, 2]


def test_a_file_in_conflict_counts_where_it_differs() -> None:
    put("f", *NUMBERS)
    commit()
    branch()
    put("f", "ours", *NUMBERS[1:])
    commit()
    run("switch", "-q", "main")
    put("f", "theirs", *NUMBERS[1:])
    commit()
    run("switch", "-q", "topic")
    subprocess.run(["git", "merge", "-q", "main"], capture_output=True, check=False)
    assert Path("f").read_text().startswith("<<<<<<< ")
    assert touched("f") == [1, 2, 3, 4, 5]


def test_a_link_counts_with_what_it_leads_to_and_as_a_whole_where_it_is_new() -> None:
    put("target", *NUMBERS)
    Path("old").symlink_to("target")
    commit()
    branch()
    Path("new").symlink_to("target")
    commit()
    put("target", *NUMBERS[:3], "new", *NUMBERS[4:])
    found = changes.since("main")
    assert touched("old", found=found) == [4]
    assert touched("new", found=found) == list(range(1, 13))


def test_ranges_are_touched_at_their_ends() -> None:
    found = Changes("/x", {"f": (Lines(3, 4), Lines(8, 8))})
    cases = {(1, 2): False, (1, 3): True, (4, 6): True, (5, 7): False, (5, 9): True, (9, 99): False}
    for (first, last), expected in cases.items():
        assert found.touches("/x/f", Lines(first, last)) is expected, (first, last)


# Paths


def test_hard_names_are_read_right_in_a_diff_and_among_untracked_files() -> None:
    for name in HARD_NAMES:
        put(f"old/{name}", *NUMBERS)
    commit()
    for name in HARD_NAMES:
        put(f"old/{name}", "new", *NUMBERS)
        put(f"new/{name}", *NUMBERS)
    found = changes.since("main")
    for name in HARD_NAMES:
        assert touched(f"old/{name}", found=found) == [1], name
        assert touched(f"new/{name}", found=found) == list(range(1, 13)), name


def test_a_name_that_is_no_text_is_read_right() -> None:
    name = os.fsdecode(b"\xff\xc3")
    put(name, *NUMBERS)
    commit()
    put(name, "new", *NUMBERS)
    assert touched(name) == [1]


def test_paths_are_those_of_the_current_folder(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a/b/f", *NUMBERS)
    put("a/g", *NUMBERS)
    commit()
    put("a/b/f", "new", *NUMBERS)
    put("a/g", "new", *NUMBERS)
    put("a/h", "new")
    Path("link").symlink_to("a", target_is_directory=True)
    monkeypatch.chdir(repo / "a" / "b")
    found = changes.since("main")
    for path in ("f", "../g", str(repo / "a" / "g"), "../../link/b/f", str(repo / "link" / "g")):
        assert touched(path, found=found) == [1], path
    assert found.has("../h")
    assert not found.has("g")


def test_settings_of_the_repository_and_the_user_do_not_change_the_answer() -> None:
    put("f", *NUMBERS)
    commit()
    put("f", "new", *NUMBERS[1:4], "new", *NUMBERS[5:])
    for setting in (
        "diff.noprefix=true",
        "diff.mnemonicPrefix=true",
        "diff.relative=true",
        "diff.context=9",
        "diff.interHunkContext=9",
        "diff.wordRegex=.",
        "diff.orderFile=none",
        "color.ui=always",
        "color.diff=always",
        "core.quotePath=true",
        "diff.srcPrefix=x/",
        "diff.algorithm=patience",
        "diff.submodule=diff",
    ):
        run("config", *setting.split("="))
    assert touched("f") == [1, 5]


def test_a_path_outside_of_the_repository_is_refused(repo: Path) -> None:
    commit()
    found = changes.since("main")
    for path in ("f", str(repo / "f"), "sub/../..f", "sub/../g"):
        found.refuse_outside(path)
    for path in ("../f", "/f", f"{repo}-other/f"):
        with pytest.raises(UsageError, match=r"is not in the git repository here$"):
            found.refuse_outside(path)


# Findings


def findings(path: str, text: str, **around: str) -> list[Finding]:
    return list(judge(KNOWLEDGE, inspected(path, text, tree(around))))


def test_a_finding_counts_where_its_reference_was_changed() -> None:
    put("Dockerfile", "FROM a:1", "FROM b:1")
    commit()
    put("Dockerfile", "FROM a:1", "FROM b:2")
    found = changes.since("main")
    both = findings("Dockerfile", Path("Dockerfile").read_text())
    assert [found.concern(it) for it in both] == [False, True]
    whole_line = both[0]._replace(span=Span(0, len("FROM a:1\n")))
    assert not found.concern(whole_line)


def test_a_finding_counts_where_something_that_takes_part_was_changed() -> None:
    put("Dockerfile", "ARG TAG=1", "ARG OTHER=1", "FROM a:$TAG")
    commit()
    put("Dockerfile", "ARG TAG=2", "ARG OTHER=1", "FROM a:$TAG")
    (it,) = findings("Dockerfile", Path("Dockerfile").read_text())
    assert changes.since("main").concern(it)
    put("Dockerfile", "ARG TAG=1", "ARG OTHER=2", "FROM a:$TAG")
    (it,) = findings("Dockerfile", Path("Dockerfile").read_text())
    assert not changes.since("main").concern(it)


def test_a_finding_counts_where_it_reads_another_file_that_was_changed() -> None:
    compose = "services:\n  a:\n    image: a:${TAG}\n"
    Path("compose.yaml").write_text(compose)
    put(".env", "TAG=1")
    commit()
    put(".env", "TAG=2")
    (it,) = findings("compose.yaml", compose, **{".env": "TAG=2\n"})
    assert it.related
    assert changes.since("main").concern(it)
    assert not changes.since("main").concern(it._replace(related=()))


def test_a_finding_about_a_file_counts_where_anything_in_it_was_changed() -> None:
    put("f", *NUMBERS)
    put("g", *NUMBERS)
    commit()
    put("f", *NUMBERS[1:])
    found = changes.since("main")
    broken = Finding("r", Severity.ERROR, "m", "h", Source("f", b"x\n"), Span(0, 0))
    assert found.concern(broken)
    assert not found.concern(broken._replace(source=Source("g", b"x\n")))


# What cannot be


def test_an_unknown_revision_is_one_clear_line() -> None:
    commit()
    for revision in ("nope", "", "-x", "--output=x", "a b", "main..main", "^main", "HEAD:", "a\0b"):
        with pytest.raises(UsageError, match=r"^--since: git knows no revision '.*'$"):
            changes.since(revision)
    assert [it.name for it in Path.cwd().iterdir()] == [".git"]


def test_a_revision_named_like_a_file_is_a_revision() -> None:
    commit()
    put("main", "x")
    assert list(changes.since("main").changed) == ["main"]


def test_a_tag_is_a_revision_too() -> None:
    commit()
    run("tag", "-a", "-m", "m", "v1")
    assert not changes.since("v1").changed


def test_a_shallow_clone_is_told_from_a_wrong_name(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit()
    commit()
    run("clone", "-q", "--depth=1", repo.as_uri(), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    with pytest.raises(UsageError, match=r"shallow: .*fetch-depth: 0"):
        changes.since("HEAD~1")


def test_histories_without_a_common_commit_are_told() -> None:
    commit()
    run("switch", "-q", "--orphan", "topic")
    commit("another beginning")
    with pytest.raises(UsageError, match=r"^--since: HEAD and 'main' have no commit in common$"):
        changes.since("main")


def test_a_repository_without_a_commit_knows_no_revision() -> None:
    with pytest.raises(UsageError, match=r"git knows no revision 'HEAD'$"):
        changes.since("HEAD")


def test_without_a_repository_and_without_git_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="working tree of a git repository: not a git repository"):
        changes.since("main")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"^git is not installed, or not in PATH$"):
        changes.since("main")


def test_a_program_called_git_in_the_current_folder_is_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put("git", "#!/bin/sh", "touch ran")
    Path("git").chmod(0o755)
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(UsageError, match=r"^git is not installed, or not in PATH$"):
        changes.since("main")
    assert not Path("ran").exists()


def test_git_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "_PATIENCE", 0.05)
    with pytest.raises(UsageError, match="took more than"):
        changes.since("main")


# What a repository may not do


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a file behind when it is run; see ``sprung``."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\ncat\n")
    program.chmod(0o755)
    return program


def sprung(trap: Path) -> bool:
    return (trap.parent / "sprung").exists()


def test_no_program_that_a_repository_names_is_run(trap: Path) -> None:
    put(".gitattributes", "* filter=evil diff=evil", "*.x filter=e.v=il")
    put("f", *NUMBERS)
    put("g", *NUMBERS)
    commit()
    for hook in ("post-index-change", "post-checkout", "reference-transaction"):
        Path(".git/hooks").mkdir(exist_ok=True)
        Path(".git/hooks", hook).symlink_to(trap)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.process",
        "filter.evil.smudge",
        "filter.Evil One.clean",
        "pager.diff-index",
    ):
        run("config", key, str(trap))
    run("config", "filter.evil.required", "true")
    put("f", "new", *NUMBERS[1:])
    os.utime("g", (1, 1))
    assert touched("f") == [1]
    assert not sprung(trap)


def test_a_filter_that_cannot_be_turned_off_is_refused(trap: Path) -> None:
    commit()
    run("config", "filter.a=b.clean", str(trap))
    with pytest.raises(UsageError, match="a filter called 'a=b' cannot be turned off"):
        changes.since("main")


def test_submodules_are_not_entered(tmp_path: Path, trap: Path) -> None:
    run("init", "-q", "-b", "main", "sub")
    put("sub/f", "old")
    run("-C", "sub", "add", "f")
    run("-C", "sub", "commit", "-q", "-m", "m")
    run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./sub")
    commit()
    run("-C", "sub", "config", "core.fsmonitor", str(trap))
    put("sub/f", "new")
    assert not changes.since("main").changed
    assert not sprung(trap)


def test_another_repository_inside_of_this_one_is_not_of_its_changes() -> None:
    commit()
    run("init", "-q", "inner")
    put("inner/f", "new")
    run("-C", "inner", "add", "f")
    run("-C", "inner", "commit", "-q", "-m", "m")
    assert not changes.since("main").changed


def test_what_a_partial_clone_lacks_is_not_fetched(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("f", *NUMBERS)
    commit()
    put("f", "new", *NUMBERS)
    commit()
    run("config", "uploadpack.allowFilter", "true")
    run("clone", "-q", "--filter=blob:none", repo.as_uri(), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    before = run("count-objects", "-v")
    with pytest.raises(UsageError, match=r"^--since: git: "):
        changes.since("HEAD~1")
    assert run("count-objects", "-v") == before


def test_the_repository_is_that_of_the_folder_whatever_a_hook_has_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("f", *NUMBERS)
    commit()
    put("f", "new", *NUMBERS)
    run("init", "-q", str(tmp_path / "other"))
    for name, value in {
        "GIT_DIR": str(tmp_path / "other" / ".git"),
        "GIT_WORK_TREE": str(tmp_path / "other"),
        "GIT_INDEX_FILE": str(tmp_path / "nowhere"),
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_DIFF_OPTS": "-u5",
    }.items():
        monkeypatch.setenv(name, value)
    assert touched("f") == [1]


def test_git_writes_nothing_into_the_repository() -> None:
    put("f", *NUMBERS)
    commit()
    os.utime("f", (1, 1))
    index = Path(".git/index")
    before = (index.stat().st_mtime_ns, index.read_bytes())
    changes.since("main")
    assert (index.stat().st_mtime_ns, index.read_bytes()) == before
