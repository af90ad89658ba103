"""Reports in several forms at once, and the options that decide what is in them."""

import io
import json
import os
from pathlib import Path

import pytest

from boltseal import start
from boltseal.report.form import Format
from tests.test_cli import LAYOUT

POD = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: 'web:1.27'}]}\n"
SEALED = "registry.example.com/base/python:3.12"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Dockerfile").write_text(f"FROM {SEALED}\nFROM nginx\nFROM scratch\n")
    (tmp_path / "pod.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(text: str) -> list[str]:
    return [json.loads(line)["rule"] for line in text.splitlines()]


def test_every_form_goes_to_a_file_of_its_own_in_one_run(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outputs = [f"--output={form}=out.{form}" for form in Format]
    assert start.run(["check", *outputs]) == 1
    assert "3 findings in 2 files" in capfd.readouterr().out
    for form in Format:
        written = (folder / f"out.{form}").read_text()
        assert "1.27" in written
        assert "pod.yaml" in written
        assert "\x1b" not in written


@pytest.mark.parametrize("form", list(Format))
def test_a_form_is_the_same_on_standard_output_and_in_a_file(
    folder: Path, capfd: pytest.CaptureFixture[str], form: Format
) -> None:
    start.run(["check", f"--format={form}", f"--output={form}=out"])
    assert (folder / "out").read_text() == capfd.readouterr().out


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        ("sarif", "is not of the form FORM=FILE"),
        ("sarif=", "is not of the form FORM=FILE"),
        ("sarfi=x", "did you mean 'sarif'?"),
        ("sarif=missing/x", "cannot write 'missing/x': No such file or directory"),
    ],
)
def test_an_output_that_cannot_be_is_one_clear_line(
    folder: Path, capfd: pytest.CaptureFixture[str], output: str, complaint: str
) -> None:
    assert start.run(["check", "--output", output]) == 2
    shown = capfd.readouterr().err
    assert complaint in shown
    assert len(shown.splitlines()) == 1


def test_findings_do_not_fail_a_run_that_is_to_end_with_zero(folder: Path) -> None:
    assert start.run(["check"]) == 1
    assert start.run(["check", "--exit-zero"]) == 0
    assert start.run(["fix", "--dry-run", "--exit-zero", f"--from-layout={LAYOUT}"]) == 0
    assert start.run(["check", "--exit-zero", "--select", "nonsense"]) == 2


def test_rules_are_selected_and_ignored(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    start.run(["check", "--format=jsonl", "--select=implicit-latest"])
    assert rules(capfd.readouterr().out) == ["implicit-latest"]
    start.run(["check", "--format=jsonl", "--ignore=implicit-latest"])
    assert rules(capfd.readouterr().out) == ["mutable-tag", "mutable-tag"]


def test_what_matters_less_is_left_out(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "boltseal.toml").write_text('severity = {implicit-latest = "error"}\n')
    assert start.run(["check", "--format=jsonl", "--severity=error"]) == 1
    assert rules(capfd.readouterr().out) == ["implicit-latest"]


def test_a_rule_made_a_note_does_not_fail_a_run(folder: Path) -> None:
    (folder / "boltseal.toml").write_text(
        'severity = {implicit-latest = "note", mutable-tag = "note"}\n'
    )
    assert start.run(["check"]) == 0


def test_fix_writes_what_is_reported_and_nothing_else(folder: Path) -> None:
    (folder / "Dockerfile").write_text(f"FROM {SEALED}\n# boltseal: ignore\nFROM {SEALED}\n")
    before = (folder / "Dockerfile").read_bytes()
    assert start.run(["fix", f"--from-layout={LAYOUT}", "--select=implicit-latest"]) == 0
    assert (folder / "Dockerfile").read_bytes() == before
    assert start.run(["fix", f"--from-layout={LAYOUT}", "Dockerfile"]) == 0
    first, _, last = (folder / "Dockerfile").read_text().splitlines()
    assert "@sha256:" in first
    assert last == f"FROM {SEALED}"


def test_a_policy_that_a_tag_meets_is_no_reason_to_rewrite(folder: Path) -> None:
    (folder / "boltseal.toml").write_text(
        '[[policy]]\nrequire = "tag"\nregistries = ["registry.example.com"]\n'
    )
    (folder / "Dockerfile").write_text(f"FROM {SEALED}\n")
    before = (folder / "Dockerfile").read_bytes()
    assert start.run(["check", "Dockerfile"]) == 0
    assert start.run(["fix", f"--from-layout={LAYOUT}", "Dockerfile"]) == 0
    assert (folder / "Dockerfile").read_bytes() == before


def test_a_dry_run_reports_each_patch_and_writes_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "Dockerfile").read_bytes()
    command = ["fix", "--dry-run", f"--from-layout={LAYOUT}", "--format=json", "Dockerfile"]
    assert start.run(command) == 1
    report = json.loads(capfd.readouterr().out)
    first = report["findings"][0]
    assert first["rule"] == "mutable-tag"
    assert "@sha256:" in json.dumps(first["fix"])
    assert len(report["sealed"]) == 1
    assert (folder / "Dockerfile").read_bytes() == before


def test_a_configuration_holds_for_its_folder_and_those_below(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sub = folder / "sub" / "deep"
    sub.mkdir(parents=True)
    (sub / "Dockerfile").write_text("FROM nginx\n")
    (folder / "sub" / "boltseal.toml").write_text('ignore = ["implicit-latest"]\n')
    assert start.run(["check", "--format=concise"]) == 1
    assert "sub/deep" not in capfd.readouterr().out
    os.chdir(sub)
    assert start.run(["check", "Dockerfile"]) == 0
    assert start.run(["check", "--isolated", "Dockerfile"]) == 1


def test_a_named_configuration_takes_the_place_of_the_trees(folder: Path) -> None:
    (folder / "boltseal.toml").write_text('ignore = ["implicit-latest", "mutable-tag"]\n')
    (folder / "strict.toml").write_text("")
    assert start.run(["check"]) == 0
    assert start.run(["check", "--config=strict.toml"]) == 1
    assert start.run(["check", "--config=missing.toml"]) == 2
    assert start.run(["check", "--config=strict.toml", "--isolated"]) == 2


def test_what_the_configuration_excludes_is_left_out_though_it_is_named(folder: Path) -> None:
    (folder / "boltseal.toml").write_text('exclude = ["*.yaml"]\nignore = ["implicit-latest"]\n')
    assert start.run(["check", "pod.yaml"]) == 0
    assert start.run(["check", "--isolated", "pod.yaml"]) == 1


def test_what_the_configuration_includes_is_looked_at_whatever_it_is_called(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "images.lst").write_text("FROM nginx:1\n")
    (folder / "boltseal.toml").write_text('include = ["*.lst"]\n')
    start.run(["check", "--format=concise"])
    assert "images.lst:1:6" in capfd.readouterr().out


def test_every_command_counts_the_same_files(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "nothing.yaml").write_text("a: b\n")
    counts = set()
    for command in (
        ["check"],
        ["fix", "--dry-run", f"--from-layout={LAYOUT}"],
        ["verify", f"--from-layout={LAYOUT}"],
    ):
        start.run([*command, "--format=json"])
        counts.add(json.loads(capfd.readouterr().out)["summary"]["files"])
    assert counts == {3}


def test_fix_says_of_comments_what_check_does_and_verify_says_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "Dockerfile").write_text("# boltseal: ignore[mutable-tag]\nFROM scratch\n")
    assert start.run(["fix", f"--from-layout={LAYOUT}", "--format=jsonl", "Dockerfile"]) == 1
    assert rules(capfd.readouterr().out) == ["unused-ignore"]
    assert start.run(["verify", f"--from-layout={LAYOUT}", "Dockerfile"]) == 0


def test_a_named_file_that_no_place_knows_is_told_of(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.txt").write_text("docker run nginx\n")
    assert start.run(["check", "notes.txt", "Dockerfile"]) == 1
    assert capfd.readouterr().err == (
        "boltseal: notes.txt: no place knows what it is, so nothing is known of its images\n"
    )
    assert start.run(["check", "--place=shell", "."]) == 1
    assert capfd.readouterr().err == ""
    (folder / "notes.txt").write_text("FROM nginx:1\n")
    assert start.run(["check", "notes.txt"]) == 1
    assert capfd.readouterr().err == ""


# Folders that are left out


@pytest.fixture
def vendored(folder: Path) -> Path:
    """A folder that is left out, with a configuration of its own."""
    (folder / "boltseal.toml").write_text('exclude = ["vendor/"]\n')
    lib = folder / "vendor" / "lib"
    lib.mkdir(parents=True)
    (lib / "Dockerfile").write_text("FROM nginx\n")
    return lib


@pytest.mark.parametrize("inner", ["", "unknown = 1\n"])
def test_a_folder_that_is_left_out_is_so_whatever_is_configured_there(
    vendored: Path, capfd: pytest.CaptureFixture[str], inner: str
) -> None:
    (vendored / "boltseal.toml").write_text(inner)
    for paths in ([], ["vendor/lib/Dockerfile", "Dockerfile"]):
        assert start.run(["check", "--format=concise", *paths]) == 1
        assert "vendor" not in capfd.readouterr().out


def test_a_part_of_a_folder_can_be_taken_back(
    vendored: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("boltseal.toml").write_text('exclude = ["vendor/", "!vendor/lib/"]\n')
    start.run(["check", "--format=concise"])
    assert "vendor/lib/Dockerfile:1:6" in capfd.readouterr().out


@pytest.mark.parametrize("glob", ["?", "-", "*-", "[!a-z]"])
def test_a_glob_for_short_names_leaves_out_no_other_folder(
    vendored: Path, capfd: pytest.CaptureFixture[str], glob: str
) -> None:
    Path("boltseal.toml").write_text(f'exclude = ["{glob}"]\n')
    for paths in [], ["vendor/lib/Dockerfile"]:
        start.run(["check", "--format=concise", *paths])
        assert "vendor/lib/Dockerfile:1:6" in capfd.readouterr().out


def test_a_file_in_a_folder_with_a_part_taken_back_is_left_out_whatever_is_configured_there(
    vendored: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("boltseal.toml").write_text('exclude = ["vendor/", "!keep.Dockerfile"]\n')
    (vendored / "boltseal.toml").write_text('ignore = ["unlocked-artifact"]\n')
    (vendored / "keep.Dockerfile").write_text("FROM nginx\n")
    start.run(["check", "--format=concise", "vendor"])
    assert "vendor/lib/keep.Dockerfile:1:6" in (out := capfd.readouterr().out)
    assert "vendor/lib/Dockerfile" not in out


def test_what_is_left_out_is_so_from_any_folder_and_by_any_path(
    vendored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".git").mkdir()
    (vendored / "boltseal.toml").write_text('ignore = ["unlocked-artifact"]\n')
    (vendored / "deep").mkdir()
    (vendored / "deep" / "Dockerfile").write_text("FROM nginx\n")
    Path("link").symlink_to("vendor/lib")
    there = str(vendored / "Dockerfile")
    for paths in ["vendor"], ["vendor/lib"], ["link/Dockerfile"], [there], [str(vendored)]:
        assert start.run(["check", *paths]) == 0
    monkeypatch.chdir(vendored)
    for paths in [], ["."], ["Dockerfile"], ["../lib/Dockerfile"], ["deep"], [there]:
        assert start.run(["check", *paths]) == 0
    monkeypatch.chdir(vendored / "deep")
    for paths in [], ["../Dockerfile"], [".."]:
        assert start.run(["check", *paths]) == 0


def test_nothing_above_the_repository_is_asked_what_is_left_out(
    vendored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (vendored / ".git").mkdir()
    monkeypatch.chdir(vendored)
    for inner in 'exclude = ["vendor/"]\n', "unknown = 1\n":
        (vendored.parents[1] / "boltseal.toml").write_text(inner)
        for path in "Dockerfile", str(vendored / "Dockerfile"), ".":
            assert start.run(["check", path]) == 1


def test_standard_input_that_is_left_out_passes_through(
    vendored: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = b"# boltseal: ignore\nFROM scratch\nFROM nginx\n"
    for command, shown in (["check"], ""), (["fix", f"--from-layout={LAYOUT}"], text.decode()):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        assert start.run([*command, "-", "--stdin-filename=vendor/lib/Dockerfile"]) == 0
        assert shown in capfd.readouterr().out


# Configurations that say less than they seem to


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("trusted-registries = []\n", "trusted-registries is empty"),
        ("select = []\n", "select is empty"),
        ('select = ["stale-digest"]\n', "select: all of these are about what registries answer"),
        ('[[place]]\nname = "dockerfile"\nfiles = ["x"]\nimages = ["y"]\n', "a place of that name"),
    ],
)
def test_a_configuration_that_cannot_mean_what_it_says_is_refused(
    folder: Path, capfd: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    (folder / "boltseal.toml").write_text(text)
    assert start.run(["check"]) == 2
    assert complaint in capfd.readouterr().err


def test_what_is_shown_of_a_configuration_is_one(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    start.run(["config", "show"])
    (folder / "boltseal.toml").write_text(capfd.readouterr().out)
    assert start.run(["check"]) == 1
