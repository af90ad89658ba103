"""An old code base: what is known or accepted is left out, what is new is not."""

import json
import subprocess
from pathlib import Path

import pytest

from boltseal import start
from tests.test_cli import LAYOUT

OLD = "FROM nginx:1.27\nFROM redis:8\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Dockerfile").write_text(OLD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "old")
    return folder


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True)


def found(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """The exit code of a check, and the references that it reports."""
    capfd.readouterr()
    code = start.run(["check", "--format=jsonl", *arguments])
    lines = capfd.readouterr().out.splitlines()
    return code, [json.loads(line)["reference"] for line in lines]


# A baseline


def test_a_baseline_leaves_out_what_is_known_and_shows_what_is_new(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert start.run(["check", "--baseline=known.json", "--create-baseline"]) == 0
    assert "Wrote known.json with 2 findings in 1 file." in capfd.readouterr().out
    assert found(capfd, "--baseline=known.json") == (0, [])
    (folder / "Dockerfile").write_text(f"FROM busybox:1\n{OLD}")
    assert found(capfd, "--baseline=known.json") == (1, ["busybox:1"])


def test_what_is_gone_is_told_and_taken_out_when_asked(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    start.run(["check", "--baseline=known.json", "--create-baseline"])
    (folder / "Dockerfile").write_text("FROM redis:8\n")
    assert start.run(["check", "--baseline=known.json"]) == 0
    assert "1 known finding is gone" in capfd.readouterr().err
    assert start.run(["check", "--baseline=known.json", "--shrink-baseline"]) == 0
    assert "dropped 1 finding, 1 left" in capfd.readouterr().err
    assert start.run(["check", "--baseline=known.json"]) == 0
    assert "gone" not in capfd.readouterr().err
    (folder / "Dockerfile").write_text(OLD)
    assert found(capfd, "--baseline=known.json") == (1, ["nginx:1.27"])


@pytest.mark.parametrize("option", ["--since=HEAD", "--severity=error", "--no-place=dockerfile"])
def test_a_run_that_sees_a_part_calls_nothing_gone(
    repository: Path, capfd: pytest.CaptureFixture[str], option: str
) -> None:
    start.run(["check", "--baseline=known.json", "--create-baseline"])
    (repository / "Dockerfile").write_text("FROM redis:8\n# new\n")
    assert start.run(["check", "--baseline=known.json", option]) == 0
    assert "gone" not in capfd.readouterr().err
    assert start.run(["check", "--baseline=known.json", "--shrink-baseline", option]) == 2


@pytest.mark.parametrize("options", [["--ignore=mutable-tag"], ["--select=implicit-latest"]])
def test_what_is_of_rules_that_are_not_asked_stays(
    folder: Path, capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    start.run(["check", "--baseline=known.json", "--create-baseline"])
    assert start.run(["check", "--baseline=known.json", "--shrink-baseline", *options]) == 0
    assert found(capfd, "--baseline=known.json") == (0, [])


@pytest.mark.parametrize(
    "options",
    [
        ["--baseline=missing.json"],
        ["--create-baseline"],
        ["--shrink-baseline"],
        ["--baseline=x.json", "--create-baseline", "--shrink-baseline"],
        ["--baseline=Dockerfile", "--create-baseline"],
        ["--baseline=Dockerfile"],
    ],
)
def test_a_baseline_that_cannot_be_is_wrong_usage(
    folder: Path, capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert start.run(["check", *options]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert (folder / "Dockerfile").read_text() == OLD


def test_of_two_alike_findings_the_one_on_a_changed_line_is_new(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    start.run(["check", "--baseline=known.json", "--create-baseline"])
    assert found(capfd, "--baseline=known.json", "--since=HEAD") == (0, [])
    (repository / "Dockerfile").write_text(f"FROM redis:8\n{OLD}")
    assert found(capfd, "--baseline=known.json", "--since=HEAD") == (1, ["redis:8"])


# Changed lines


def test_only_what_a_change_touched_is_reported_and_fixed(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert found(capfd, "--since=main") == (0, [])
    new = "FROM registry.example.com/base/python:3.12\n"
    (repository / "Dockerfile").write_text(f"{OLD}{new}")
    (repository / "new.dockerfile").write_text("FROM busybox:1\n")
    assert found(capfd, "--since=main") == (
        1,
        ["registry.example.com/base/python:3.12", "busybox:1"],
    )
    assert start.run(["fix", "--since=main", f"--from-layout={LAYOUT}", "Dockerfile"]) == 0
    assert (repository / "Dockerfile").read_text().startswith(f"{OLD}FROM registry.example.com")
    assert "@sha256:" in (repository / "Dockerfile").read_text()


def test_what_a_fix_leaves_below_lines_that_it_adds_is_still_among_the_changes(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    base = "registry.example.com/base"
    (repository / "kustomization.yaml").write_text(
        f"images:\n- name: a\n  newName: {base}/python\n  newTag: '3.12'\n"
        f"- name: b\n  newName: {base}/python\n  newTag: '3'\n- name: c\n"
    )
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "m")
    text = (repository / "kustomization.yaml").read_text()
    text = text.replace("'3.12'", "'3.12' # new").replace("'3'", "'9.9'")
    (repository / "kustomization.yaml").write_text(text)
    command = ["fix", "--since=HEAD", f"--from-layout={LAYOUT}", "--format=concise"]
    assert start.run(command) == 3
    assert "kustomization.yaml:8:12: warning[mutable-tag]" in capfd.readouterr().out


def test_comments_are_written_for_what_was_changed_alone(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (repository / "Dockerfile").write_text(f"{OLD}FROM busybox:1\nRUN x\nFROM busybox:2\n")
    assert start.run(["check", "--since=HEAD", "--add-ignores", "new"]) == 0
    comment = "# boltseal: ignore[mutable-tag] new\n"
    assert (repository / "Dockerfile").read_text() == (
        f"{OLD}{comment}FROM busybox:1\nRUN x\n{comment}FROM busybox:2\n"
    )


def test_what_a_changed_file_gives_to_another_one_is_reported_there(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (repository / "compose.yaml").write_text("services: {a: {image: 'nginx:${TAG}'}}\n")
    (repository / ".env").write_text("TAG=1\n")
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "m")
    assert found(capfd, "--since=main") == (0, [])
    (repository / ".env").write_text("TAG=2\n")
    assert found(capfd, "--since=main")[1] == ["nginx:${TAG}"]


def test_files_of_no_or_another_repository_are_not_called_unchanged(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "Dockerfile").write_text(OLD)
    assert start.run(["check", "--since=main", str(other)]) == 2
    assert "is not in the git repository here" in capfd.readouterr().err


@pytest.mark.parametrize("revision", ["nonsense", "--output=x", ""])
def test_a_revision_that_is_none_is_one_clear_line(
    repository: Path, capfd: pytest.CaptureFixture[str], revision: str
) -> None:
    assert start.run(["check", f"--since={revision}"]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1


def test_a_finding_has_one_fingerprint_with_and_without_since(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (repository / "Dockerfile").write_text(f"{OLD}FROM nginx:1.27\n")
    prints = []
    for options in ([], ["--since=main"]):
        start.run(["check", "--format=jsonl", *options])
        prints.append([json.loads(it)["fingerprint"] for it in capfd.readouterr().out.splitlines()])
    assert prints[1] == prints[0][2:]
    assert len(set(prints[0])) == 3


# Accepted


def test_what_a_comment_accepts_is_counted_and_not_shown(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").write_text(
        "# boltseal: ignore[mutable-tag] rebuilt every night\nFROM nginx:1.27\n"
    )
    assert found(capfd) == (0, [])
    start.run(["check"])
    assert capfd.readouterr().out == "No findings in 1 file; 1 accepted.\n"
    assert found(capfd, "--no-ignores") == (1, ["nginx:1.27"])


def test_what_the_configuration_accepts_says_why(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text(
        '[[accept]]\npaths = ["Dockerfile"]\nimages = ["nginx"]\nreason = "a mirror pins it"\n'
    )
    assert found(capfd) == (1, ["redis:8"])
    start.run(["check", "--format=json"])
    first = json.loads(capfd.readouterr().out)["findings"][0]
    assert first["suppressed"]["reason"] == "a mirror pins it"


def test_a_comment_that_accepts_nothing_is_reported(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").write_text("# boltseal: ignore[mutable-tag]\nFROM scratch\n")
    assert start.run(["check"]) == 1
    assert "Dockerfile:1:1: warning[unused-ignore]" in capfd.readouterr().out
    assert start.run(["check", "--ignore=unused-ignore"]) == 0
    assert start.run(["check", "--select=implicit-latest"]) == 0


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  a:\n    # boltseal: ignore[mutable-tag] known\n    image: nginx:1\n  b: [\n",
        "services:\n  a:\n    # boltseal: ignore known\n    image: nginx:1\n  b: [\n",
    ],
)
def test_no_comment_is_called_unused_in_a_file_that_cannot_be_read(
    folder: Path, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    (folder / "compose.yaml").write_text(text)
    assert start.run(["check", "compose.yaml", "--format=concise"]) == 1
    out = capfd.readouterr().out
    assert "unparsable-file" in out
    assert "unused-ignore" not in out


def test_no_comment_is_called_unused_in_a_run_that_leaves_places_out(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").write_text("# boltseal: ignore known\nFROM nginx:1.27\n")
    assert found(capfd, "Dockerfile", "--no-place=dockerfile") == (0, [])


def test_no_comment_about_what_registries_answer_is_called_unused(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pinned = f"nginx:1.27@sha256:{'a' * 64}"
    (folder / "Dockerfile").write_text(
        f"# boltseal: ignore[missing-digest, stale-digest, unverified-digest] x\nFROM {pinned}\n"
    )
    assert start.run(["check"]) == 0
    assert start.run(["fix", f"--from-layout={LAYOUT}"]) == 0


def test_a_reason_can_be_required(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "boltseal.toml").write_text("require-reasons = true\n")
    (folder / "Dockerfile").write_text("# boltseal: ignore\nFROM nginx:1.27\n")
    assert start.run(["check"]) == 1
    assert "warning[unexplained-ignore]" in capfd.readouterr().out


def test_a_comment_for_the_file_accepts_comments_without_reasons_and_is_not_unused(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text("require-reasons = true\n")
    of_file = "# boltseal: ignore-file[unexplained-ignore] generated\n"
    (folder / "Dockerfile").write_text(f"{of_file}# boltseal: ignore\nFROM nginx:1.27\n")
    assert start.run(["check"]) == 0
    assert "2 accepted" in capfd.readouterr().out
    (folder / "Dockerfile").write_text(f"{of_file}# boltseal: ignore\nFROM scratch\n")
    assert start.run(["check"]) == 1
    out = capfd.readouterr().out
    assert "Dockerfile:2:1: warning[unused-ignore]" in out
    assert "Dockerfile:1:1" not in out


# Numbers


def test_statistics_take_the_place_of_findings_and_leave_files_as_they_are(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert start.run(["check", "--statistics", "--output=concise=out"]) == 1
    shown = capfd.readouterr().out
    assert "docker.io/library/nginx" in shown
    assert "Dockerfile:1:6" not in shown
    assert "Dockerfile:1:6" in (folder / "out").read_text()


def test_statistics_come_as_json_and_in_no_other_form(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert start.run(["check", "--statistics", "--format=json"]) == 1
    assert json.loads(capfd.readouterr().out)["findings"] == 2
    assert start.run(["check", "--statistics", "--format=sarif"]) == 2


# Comments for everything


def test_notes_get_no_comment_where_warnings_are_asked_for(folder: Path) -> None:
    text = "ARG BASE\nFROM ${BASE}\nFROM nginx:1.27\n"
    (folder / "Dockerfile").write_text(text)
    assert start.run(["check", "--severity=warning", "--add-ignores=old"]) == 0
    comment = "# boltseal: ignore[mutable-tag] old\n"
    assert (folder / "Dockerfile").read_text() == text.replace("FROM nginx", f"{comment}FROM nginx")


def test_ignores_are_added_once_and_leave_nothing_to_report(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert start.run(["check", "--add-ignores", "before the rule"]) == 0
    assert "Accepted 2 findings in 1 file." in capfd.readouterr().out
    after = (folder / "Dockerfile").read_text()
    assert after.splitlines()[::2] == ["# boltseal: ignore[mutable-tag] before the rule"] * 2
    assert after.splitlines()[1::2] == OLD.splitlines()
    assert found(capfd) == (0, [])
    assert start.run(["check", "--add-ignores", "again"]) == 0
    assert (folder / "Dockerfile").read_text() == after


def test_what_cannot_have_a_comment_is_reported_with_what_to_paste(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").unlink()
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "nginx:1"}]}}
    (folder / "pod.json").write_text(json.dumps(pod))
    assert start.run(["check", "--add-ignores", "JSON"]) == 1
    shown = capfd.readouterr().out
    (folder / "boltseal.toml").write_text(shown[shown.index("[[accept]]") :])
    assert found(capfd) == (0, [])


@pytest.mark.parametrize(
    "options",
    [
        ["--add-ignores", "x", "--create-baseline", "--baseline=x"],
        ["--add-ignores", "x", "--watch"],
        ["--watch", "-"],
        ["--add-ignores", ""],
        ["--add-ignores", "two\nlines"],
    ],
)
def test_what_contradicts_itself_is_wrong_usage(
    folder: Path, capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert start.run(["check", *options]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert (folder / "Dockerfile").read_text() == OLD


@pytest.mark.parametrize("option", ["--pragmas=hadolint", ""])
def test_comments_of_other_programs_hold_when_asked(
    folder: Path, capfd: pytest.CaptureFixture[str], option: str
) -> None:
    (folder / "Dockerfile").write_text("# hadolint ignore=DL3006\nFROM nginx\n")
    code = start.run(["check", option] if option else ["check"])
    assert code == (0 if option else 1)
    assert start.run(["check", "--pragmas=nonsense"]) == 2


def test_a_program_that_is_not_known_is_refused_though_nothing_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert start.run(["check", "--pragmas=hadolin"]) == 2
    assert "did you mean 'hadolint'?" in capfd.readouterr().err


# What is not done silently


def test_selecting_rules_does_not_hide_a_file_that_cannot_be_read(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "compose.yaml").write_text("services: [\nimage: nginx:1\n")
    assert start.run(["check", "--select=implicit-latest", "--format=concise"]) == 1
    assert "compose.yaml:3:1: error[unparsable-file]" in capfd.readouterr().out
    assert start.run(["check", "--select=implicit-latest", "--ignore=unparsable-file"]) == 0


@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_a_run_that_looks_at_no_file_says_so(
    folder: Path, capfd: pytest.CaptureFixture[str], form: str
) -> None:
    assert start.run(["check", f"--format={form}", "--ignore=mutable-tag"]) == 0
    assert capfd.readouterr().err == ""
    (folder / "boltseal.toml").write_text('exclude = ["*"]\n')
    assert start.run(["check", f"--format={form}", "Dockerfile"]) == 0
    assert capfd.readouterr().err == "boltseal: no file was looked at\n"


def test_what_the_command_line_asks_for_is_not_left_out_by_the_configuration(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    everything = ["nginx:1.27", "redis:8"]
    (folder / "boltseal.toml").write_text('ignore = ["mutable-tag"]\n')
    assert found(capfd) == (0, [])
    assert found(capfd, "--select=mutable-tag") == (1, everything)
    assert found(capfd, "--select=mutable-tag", "--ignore=mutable-tag") == (0, [])
    (folder / "boltseal.toml").write_text('disable-places = ["dockerfile"]\n')
    assert found(capfd) == (0, [])
    assert found(capfd, "--place=dockerfile") == (1, everything)
    assert found(capfd, "--place=dockerfile", "--no-place=dockerfile") == (0, [])


@pytest.mark.parametrize(
    "options",
    [
        ["--select=stale-digest"],
        ["--select=mutable-tag", "--select=missing-digest"],
        ["--no-ignores", "--add-ignores=x"],
        ["--baseline=b.json", "--create-baseline", "--statistics"],
        ["--output=json=o.json", "--output=sarif=o.json"],
        ["-", "--stdin-filename=Dockerfile", "--since=HEAD"],
    ],
)
def test_options_of_which_one_would_do_nothing_are_wrong_usage(
    repository: Path, capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert start.run(["check", *options]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert sorted(it.name for it in repository.iterdir()) == [".git", "Dockerfile"]


def test_an_entry_that_accepts_nothing_is_told_where_all_is_looked_at(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text(
        '[[accept]]\nimages = ["nginx"]\n[[accept]]\nimages = ["busybox"]\n'
        '[[accept]]\nrules = ["stale-digest"]\n'
    )
    told = "boltseal: boltseal.toml: accept 2 accepts nothing; delete it\n"
    start.run(["check"])
    assert capfd.readouterr().err == told
    start.run(["check", "--baseline=b.json", "--create-baseline"])
    start.run(["check", "--baseline=b.json"])
    assert capfd.readouterr().err == told
    for options in (["Dockerfile"], ["--no-place=shell"], ["--no-ignores"], ["--severity=error"]):
        start.run(["check", *options])
        assert capfd.readouterr().err == ""


def test_an_entry_for_more_than_the_current_folder_is_not_said_to_accept_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "boltseal.toml").write_text('[[accept]]\nimages = ["busybox"]\n')
    start.run(["check", "--config=boltseal.toml"])
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")
    start.run(["check"])
    assert "accepts nothing" not in capfd.readouterr().err


def test_a_report_of_the_run_that_creates_a_baseline_has_everything_as_known(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    create = ["check", "--baseline=b.json", "--create-baseline"]
    assert start.run([*create, "--format=json"]) == 0
    report = json.loads(capfd.readouterr().out)
    assert {it["suppressed"]["origin"] for it in report["findings"]} == {"baseline"}
