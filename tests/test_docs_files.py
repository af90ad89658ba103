"""The files that documents show, held against the schemas of those who read them.

A block says in its first line, as a comment, which file it is. ``OWNER`` and ``COMMIT`` in it are for
readers to fill in.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.validators import validate

ROOT = Path(__file__).parent.parent
SHOWN = re.compile(r"^```yaml\n(# (\S+)\n.*?)^```$", re.DOTALL | re.MULTILINE)
RENOVATE = re.compile(r"^```json\n(\{\n *\"\$schema\".*?)^```$", re.DOTALL | re.MULTILINE)


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


ACTION = read(ROOT / "action.yml")
COMPONENT = next(iter(YAML(typ="safe").load_all(ROOT / "templates" / "check.yml")))["spec"]


def files(page: str, name: str) -> list[str]:
    """The files of a document that are called ``name``, or are in the folder of that name."""
    found = SHOWN.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    return [text for text, path in found if path == name or path.startswith(f"{name}/")]


WORKFLOWS = files("github.md", ".github/workflows")
PIPELINES = files("gitlab.md", ".gitlab-ci.yml")
HOOKS = files("pre-commit.md", ".pre-commit-config.yaml")


@pytest.mark.parametrize("text", WORKFLOWS)
def test_a_workflow_is_valid_and_gives_inputs_that_there_are(text: str, tmp_path: Path) -> None:
    path = tmp_path / "workflow.yml"
    path.write_text(text)
    validate("vendor.github-workflows", path)
    steps = [step for job in read(path)["jobs"].values() for step in job["steps"]]
    (own,) = (step for step in steps if step.get("uses") == "OWNER/boltseal@COMMIT")
    assert set(own["with"]) <= set(ACTION["inputs"])


@pytest.mark.parametrize("text", WORKFLOWS)
def test_a_workflow_uses_other_actions_by_their_commits(text: str) -> None:
    for used in re.findall(
        r"uses: (.*)", text.replace("OWNER/boltseal@COMMIT", f"a@{'0' * 40} # v")
    ):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v.*", used)


@pytest.mark.parametrize("text", WORKFLOWS)
def test_a_workflow_has_no_rights_but_those_of_its_jobs(text: str, tmp_path: Path) -> None:
    path = tmp_path / "workflow.yml"
    path.write_text(text)
    assert read(path)["permissions"] == {}
    assert all("permissions" in job for job in read(path)["jobs"].values())


@pytest.mark.parametrize("text", PIPELINES)
def test_a_pipeline_is_valid_and_gives_inputs_that_there_are(text: str, tmp_path: Path) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(text)
    validate("vendor.gitlab-ci", path)
    (include,) = read(path)["include"]
    needed = {name for name, one in COMPONENT["inputs"].items() if "default" not in one}
    assert needed <= set(include["inputs"]) <= set(COMPONENT["inputs"])


@pytest.mark.parametrize("text", HOOKS)
def test_a_configuration_of_hooks_is_valid_and_names_hooks_that_there_are(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / ".pre-commit-config.yaml"
    path.write_text(text)
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    known = {hook["id"] for hook in read(ROOT / ".pre-commit-hooks.yaml")}
    assert {hook["id"] for repo in read(path)["repos"] for hook in repo["hooks"]} <= known


def test_the_configuration_of_renovate_is_valid(tmp_path: Path) -> None:
    (text,) = RENOVATE.findall((ROOT / "docs" / "renovate.md").read_text(encoding="utf-8"))
    path = tmp_path / "renovate.json"
    path.write_text(text)
    validate("vendor.renovate", path)


def rows(page: str) -> dict[str, str]:
    """The names in the first column of a document's tables, with what the second one has.

    Where two tables have a name, the first of them counts.
    """
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"^\| `([\w-]+)` \|(.*?)\|", text, re.MULTILINE)
    return {name: second.strip() for name, second in reversed(found)}


def test_the_inputs_and_outputs_of_the_action_are_listed() -> None:
    listed = rows("github.md")
    assert set(listed) == set(ACTION["inputs"]) | set(ACTION["outputs"])
    for name, one in ACTION["inputs"].items():
        assert listed[name].strip("`") == one["default"]


def test_the_inputs_of_the_component_are_listed() -> None:
    listed = rows("gitlab.md")
    assert set(listed) == set(COMPONENT["inputs"])
    for name in ("job-name", "stage", "paths", "junit", "fail-on-findings"):
        assert listed[name].strip("`") == str(COMPONENT["inputs"][name]["default"]).lower()


def test_the_hooks_are_listed() -> None:
    assert set(rows("pre-commit.md")) == {
        hook["id"] for hook in read(ROOT / ".pre-commit-hooks.yaml")
    }


def test_no_kind_of_file_is_left_out() -> None:
    assert (len(WORKFLOWS), len(PIPELINES), len(HOOKS)) == (4, 2, 3)
