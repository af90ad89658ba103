"""The GitLab component, its inputs filled in as GitLab does, and its script run for real."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from ruamel.yaml import YAML

from tests.clone import git, tracked
from tests.validators import validate

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "templates" / "check.yml").read_text()
SPEC, BODY = re.split(r"^---\n", TEXT, maxsplit=1, flags=re.MULTILINE)
INPUTS: dict[str, Any] = YAML(typ="safe").load(SPEC)["spec"]["inputs"]
INSTALLS, CHECKS = 0, 1


def component(commit: str, **inputs: str) -> str:
    """The configuration that a pipeline includes; every input without a default is given."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    values = {f"inputs.{name}": _filled(one, given.get(name)) for name, one in INPUTS.items()}
    values["component.sha"] = commit
    return re.sub(r"\$\[\[ ([\w.-]+) \]\]", lambda match: values[match[1]], BODY)


def _filled(declared: dict[str, Any], given: str | None) -> str:
    value = declared["default"] if given is None else given
    if declared.get("type") == "array":
        return json.dumps(value)
    value = str(value)
    return value.lower() if declared.get("type") == "boolean" else value.replace("\n", "\\n")


def job(commit: str, **inputs: str) -> dict[str, Any]:
    (only,) = YAML(typ="safe").load(component(commit, **inputs)).values()
    return dict(only)


class Pipeline(NamedTuple):
    """A component's commit, and the folder into which its script has installed it."""

    source: Path
    commit: str
    folder: Path

    def run(self, tree: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
        """The second part of the script; the first has run in the same shell."""
        asked = job(self.commit, source=str(self.source), **inputs)
        return shell(f"folder='{self.folder}'\n{asked['script'][CHECKS]}", asked, tree)


def shell(script: str, asked: dict[str, Any], tree: Path) -> subprocess.CompletedProcess[str]:
    around = {name: it for name, it in os.environ.items() if not name.startswith("PYTHON")}
    around |= {"GIT_CONFIG_GLOBAL": os.devnull} | asked["variables"]
    return subprocess.run(
        ["sh", "-c", script], cwd=tree, env=around, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The component, installed by its own script, in a tree that would like to be imported."""
    source, tree = tracked(tmp_path_factory.mktemp("component")), tmp_path_factory.mktemp("tree")
    for name in ("pip", "venv", "json", "hatchling"):
        (tree / f"{name}.py").write_text("raise SystemExit('imported from the tree')\n")
    commit = git(source, "rev-parse", "HEAD").strip()
    asked = job(commit, source=str(source))
    done = shell(f'{asked["script"][INSTALLS]}\necho "$folder"', asked, tree)
    assert done.returncode == 0, done.stderr
    return Pipeline(source, commit, Path(done.stdout.strip()))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clone of a repository with one image that can change."""
    origin = tmp_path / "origin"
    (origin / "my app").mkdir(parents=True)
    (origin / "my app" / "Dockerfile").write_text("FROM registry.example.com/nothing:1\n")
    git(origin, "init", "-q", "-b", "main")
    for message in ("first", "second"):
        git(origin, "add", "-A")
        git(origin, "commit", "-qm", message, "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "tree")
    return tmp_path / "tree"


def report(tree: Path) -> list[str]:
    """The files of the findings that GitLab shows."""
    findings = json.loads((tree / "gl-code-quality-report.json").read_text())
    return [finding["location"]["path"] for finding in findings]


def test_findings_fail_the_job_and_are_reported(pipeline: Pipeline, tree: Path) -> None:
    done = pipeline.run(tree)
    assert done.returncode == 1, done.stderr
    assert "my app/Dockerfile:1:6" in done.stdout
    assert report(tree) == ["my app/Dockerfile"]
    assert not (tree / "boltseal-junit.xml").exists()


def test_findings_are_tests_that_fail_if_asked(pipeline: Pipeline, tree: Path) -> None:
    assert pipeline.run(tree, junit="true").returncode == 1
    assert ElementTree.parse(tree / "boltseal-junit.xml").findall(".//failure")


def test_findings_may_be_let_pass(pipeline: Pipeline, tree: Path) -> None:
    assert pipeline.run(tree, fail_on_findings="false").returncode == 0
    wrong = pipeline.run(tree, fail_on_findings="false", args="--no-such-option")
    assert wrong.returncode == 2


def test_paths_and_options_stand_on_lines_of_their_own(pipeline: Pipeline, tree: Path) -> None:
    (tree / "Dockerfile").write_text("FROM registry.example.com/nothing:2\n")
    assert pipeline.run(tree, paths="my app\nDockerfile\n").returncode == 1
    assert sorted(report(tree)) == ["Dockerfile", "my app/Dockerfile"]
    assert pipeline.run(tree, args="--exclude\nmy app\n--exclude\n*.none").returncode == 1
    assert report(tree) == ["Dockerfile"]
    assert pipeline.run(tree, paths="; touch created").returncode == 2
    assert pipeline.run(tree, paths="--exit-zero").returncode == 2
    assert not (tree / "created").exists()


def test_a_revision_that_a_shallow_clone_lacks_is_fetched(pipeline: Pipeline, tree: Path) -> None:
    base = git(tree.parent / "origin", "rev-parse", "HEAD^").strip()
    done = pipeline.run(tree, since=base)
    assert done.returncode == 0, done.stderr
    assert report(tree) == []


def test_what_gitlab_includes_is_valid(tmp_path: Path) -> None:
    included = tmp_path / ".gitlab-ci.yml"
    included.write_text(component("0" * 40, source="https://gitlab.example.com/a/b.git"))
    validate("vendor.gitlab-ci", included)


def test_every_input_is_used_and_every_use_is_declared() -> None:
    assert set(re.findall(r"inputs\.([\w-]+)", BODY)) == set(INPUTS)


def test_the_image_is_pinned() -> None:
    assert re.search(r"@sha256:[0-9a-f]{64}$", INPUTS["image"]["default"])
