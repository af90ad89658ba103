"""The steps of action.yml, run as a runner of GitHub runs them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.clone import git, tracked
from tests.validators import validate

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = YAML(typ="safe").load(ROOT / "action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
INPUTS = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
LAYOUT = ROOT / "examples" / "layout"
EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
NOT_PINNED = "FROM registry.example.com/nothing:1\n"
# What examples/layout has.
KNOWN = "FROM registry.example.com/base/proxy:1.27\n"


class Done(NamedTuple):
    """A run of the action: its exit code, its log, and what it left for later steps."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


class Runner(NamedTuple):
    """What all runs share: the action's own folder, and where it is installed."""

    action: Path
    temporary: Path
    installed: Mapping[str, str]

    def run(self, tree: Path, *, event: str = "push", **inputs: str) -> Done:
        """Run all steps but those that use other actions, until one fails."""
        values = {f"inputs.{name}": value for name, value in INPUTS.items()}
        values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        values |= {"github.event_name": event, "github.repository": "a/b"}
        values |= {f"steps.install.outputs.{k}": v for k, v in self.installed.items()}
        values["steps.run.outputs.exit-code"] = ""
        summary, log, code = self.temporary / "summary", "", 0
        summary.write_text("")
        outputs: dict[str, str] = {}
        for step in STEPS[2:]:
            if "run" not in step or not holds(step.get("if", "true"), values):
                continue
            done, told = shell(step, values, tree, self.temporary)
            log, code = log + done.stdout + done.stderr, done.returncode
            outputs |= told
            values |= {f"steps.{step.get('id')}.outputs.{name}": it for name, it in told.items()}
            if code:
                break
        return Done(code, log, outputs, summary.read_text())


def shell(
    step: Mapping[str, Any], values: Mapping[str, str], tree: Path, temporary: Path
) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """One step with the command of 'shell: bash', and what it writes to GITHUB_OUTPUT."""
    output, script = temporary / "output", temporary / "script.sh"
    output.write_text("")
    script.write_text(step["run"])
    given = {
        name: EXPRESSION.sub(lambda match: values[match[1]], value)
        for name, value in step.get("env", {}).items()
    }
    # What a developer sets for Python is not set on a runner.
    around = {name: it for name, it in os.environ.items() if not name.startswith("PYTHON")}
    files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(temporary / "summary")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=tree,
        env={**around, **files, **given, "RUNNER_TEMP": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, dict(line.split("=", 1) for line in output.read_text().splitlines())


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """What a condition of a step comes to; && binds closer than ||, as 'and' than 'or'."""
    python = re.sub(r"contains\(fromJSON\('(.*?)'\), ([\w.]+)\)", r"\2 in \1", condition)
    python = re.sub(r"\b(?:inputs|github)\.[\w.-]+", lambda it: repr(values.get(it[0])), python)
    python = " ".join(python.replace("&&", "and").replace("||", "or").split())
    return bool(eval(python, {"true": True}))


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """The action, installed by its own step, in a tree that would like to be imported."""
    temporary, tree = tmp_path_factory.mktemp("runner temp"), tmp_path_factory.mktemp("hostile")
    for name in ("pip", "venv", "json", "hatchling"):
        (tree / f"{name}.py").write_text("raise SystemExit('imported from the tree')\n")
    action = tracked(tmp_path_factory.mktemp("action"))
    values = {"github.action_path": str(action), "steps.python.outputs.python-path": sys.executable}
    done, outputs = shell(STEPS[1], values, tree, temporary)
    assert done.returncode == 0, done.stdout + done.stderr
    return Runner(action, temporary, outputs)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with one image that can change, in a folder whose name has a space."""
    folder = tmp_path / "a tree"
    (folder / "my app").mkdir(parents=True)
    (folder / "my app" / "Dockerfile").write_text(NOT_PINNED)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    return folder


def test_findings_fail_the_job_after_they_are_reported(runner: Runner, tree: Path) -> None:
    done = runner.run(tree)
    assert done.code == 1
    assert (done.outputs["findings"], done.outputs["exit-code"]) == ("1", "1")
    assert re.search(r"^::warning .*file=my app/Dockerfile", done.log, re.MULTILINE)
    assert "my app/Dockerfile" in done.summary
    assert Path(done.outputs["markdown-file"]).read_text() == done.summary
    (run,) = json.loads(Path(done.outputs["sarif-file"]).read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["mutable-tag"]


def test_findings_may_be_let_pass(runner: Runner, tree: Path) -> None:
    done = runner.run(tree, fail_on_findings="false")
    assert (done.code, done.outputs["exit-code"]) == (0, "1")


def test_without_findings_the_job_passes(runner: Runner, tree: Path) -> None:
    (tree / "my app" / "Dockerfile").write_text(f"FROM a/b:1@sha256:{'0' * 64}\n")
    done = runner.run(tree)
    assert (done.code, done.outputs["findings"]) == (0, "0")


def test_what_is_accepted_is_neither_counted_nor_uploaded(runner: Runner, tree: Path) -> None:
    (tree / "my app" / "Dockerfile").write_text(f"# boltseal: ignore known\n{NOT_PINNED}")
    done = runner.run(tree)
    assert (done.code, done.outputs["findings"]) == (0, "0")
    (run,) = json.loads(Path(done.outputs["sarif-file"]).read_text())["runs"]
    assert run["results"] == []


def test_a_baseline_says_what_is_known(runner: Runner, tree: Path) -> None:
    create = ["check", "--baseline", "known.json", "--create-baseline"]
    subprocess.run([sys.executable, "-m", "boltseal", *create], cwd=tree, check=True)
    assert runner.run(tree, baseline="known.json").outputs["findings"] == "0"


def test_wrong_usage_fails_the_job_whatever_is_let_pass(runner: Runner, tree: Path) -> None:
    done = runner.run(tree, args="--no-such-option", fail_on_findings="false")
    assert done.code == 2
    assert runner.run(tree, command="list", fail_on_findings="false").code == 2


def test_paths_and_options_stand_on_lines_of_their_own(runner: Runner, tree: Path) -> None:
    (tree / "Dockerfile").write_text(NOT_PINNED)
    assert runner.run(tree, paths="my app\nDockerfile\n").outputs["findings"] == "2"
    assert runner.run(tree, args="--exclude\nmy app").outputs["findings"] == "1"
    assert runner.run(tree, paths="$(touch created)").code == 2
    assert runner.run(tree, paths="--exit-zero").code == 2
    assert not (tree / "created").exists()


def test_only_changed_lines_are_reported_with_since(runner: Runner, tree: Path) -> None:
    git(tree, "commit", "-q", "--allow-empty", "-m", "second")
    assert runner.run(tree, since="HEAD^").outputs["findings"] == "0"
    (tree / "new.Dockerfile").write_text(NOT_PINNED)
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "third")
    assert runner.run(tree, since="HEAD^").outputs["findings"] == "1"


@pytest.mark.parametrize("form", ["github", "text", "concise"])
def test_the_tree_gives_the_runner_no_commands(runner: Runner, tree: Path, form: str) -> None:
    folder = tree / "x\n::error::forged\n##[error]forged"
    folder.mkdir()
    (folder / "Dockerfile").write_bytes(b"FROM \x80\n")
    (tree / "Dockerfile").write_text("FROM a:1 AS ::error::forged\nFROM ##[error]forged\n")
    stopped, commands = "", []
    for line in runner.run(tree, format=form).log.splitlines():
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        else:
            commands.append(line)
    assert not stopped
    assert all(re.match("::(error|warning|notice) file=", line) for line in commands if line)
    assert (form == "github") == bool(commands)


def remote(tree: Path, folder: Path) -> Path:
    """A bare repository that ``tree`` pushes to."""
    bare = folder / "remote.git"
    git(folder, "init", "-q", "--bare", str(bare))
    git(tree, "remote", "add", "origin", str(bare))
    git(tree, "push", "-q", "origin", "main")
    return bare


FIX = {"command": "fix", "commit": "true", "args": f"--from-layout\n{LAYOUT}"}


def test_a_fix_is_committed_and_pushed(runner: Runner, tree: Path, tmp_path: Path) -> None:
    (tree / "my app" / "Dockerfile").write_text(KNOWN)
    git(tree, "commit", "-qam", "known")
    bare = remote(tree, tmp_path)
    (tree / "untracked").write_text("")
    done = runner.run(tree, **FIX)
    assert done.code == 0, done.log
    assert done.outputs["commit"] == git(bare, "rev-parse", "main").strip()
    assert git(bare, "show", "--format=%s", "--name-only", "main").split("\n") == [
        "Seal container images to their digests",
        "",
        "my app/Dockerfile",
        "",
    ]
    assert "base/proxy:1.27@sha256:" in git(bare, "show", "main:my app/Dockerfile")
    assert "base/proxy:1.27@sha256:" in done.summary


def test_nothing_is_committed_where_nothing_is_fixed(
    runner: Runner, tree: Path, tmp_path: Path
) -> None:
    bare = remote(tree, tmp_path)
    before = git(bare, "rev-parse", "main")
    done = runner.run(tree, **FIX)
    assert done.code in (1, 3)
    assert "commit" not in done.outputs
    assert git(bare, "rev-parse", "main") == before


def test_what_was_changed_before_is_not_committed_with_it(runner: Runner, tree: Path) -> None:
    (tree / "my app" / "Dockerfile").write_text(KNOWN)
    done = runner.run(tree, **FIX)
    assert done.code == 2
    assert "files are changed already" in done.log
    assert (tree / "my app" / "Dockerfile").read_text() == KNOWN


def test_a_commit_is_not_pushed_to_what_is_no_branch(
    runner: Runner, tree: Path, tmp_path: Path
) -> None:
    (tree / "my app" / "Dockerfile").write_text(KNOWN)
    git(tree, "commit", "-qam", "known")
    bare = remote(tree, tmp_path)
    git(tree, "checkout", "-q", "--detach")
    before = git(bare, "rev-parse", "main")
    done = runner.run(tree, **FIX)
    assert done.code == 2
    assert "no branch is checked out" in done.log
    assert git(bare, "rev-parse", "main") == before


@pytest.mark.parametrize(
    ("event", "head", "asked"),
    [
        ("push", None, True),
        ("schedule", None, True),
        ("workflow_dispatch", None, True),
        ("pull_request", "a/b", True),
        ("pull_request", "fork/b", False),
        ("pull_request", None, False),
        ("pull_request_target", "a/b", False),
        ("workflow_run", None, False),
    ],
)
def test_nothing_is_pushed_for_a_fork(event: str, head: str | None, asked: bool) -> None:
    (condition,) = (step["if"] for step in STEPS if step.get("id") == "commit")
    values = {"inputs.commit": "true", "inputs.command": "fix", "github.repository": "a/b"}
    values["github.event_name"] = event
    if head:
        values["github.event.pull_request.head.repo.full_name"] = head
    assert holds(condition, values) is asked
    assert not holds(condition, values | {"inputs.commit": "false"})
    assert not holds(condition, values | {"inputs.command": "check"})


def test_no_expression_stands_in_a_script() -> None:
    assert not [step for step in STEPS if "${{" in step.get("run", "")]


def test_other_actions_are_pinned_to_commits() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert len(used) == 2
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in used)


def test_the_action_is_valid() -> None:
    validate("vendor.github-actions", ROOT / "action.yml")
