"""The hooks, through pre-commit and through prek."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from boltseal_rules.knowledge import PLACES, guides
from tests.clone import git, tracked

ROOT = Path(__file__).parent.parent
HOOKS = YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")
GOLDEN = ROOT / "tests" / "golden" / "before"
NAMED = {
    *(str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*") if path.is_file()),
    *(it.path for _, guide in guides() for it in guide.examples),
}
OPT_IN = tuple(f"{one.name}/" for one in PLACES if one.opt_in)
OPTED = {it.path for name, guide in guides() if f"{name}/" in OPT_IN for it in guide.examples}


@pytest.mark.parametrize(
    "path", sorted(path for path in NAMED - OPTED if not path.startswith(OPT_IN))
)
def test_the_hooks_are_given_every_file_that_a_place_knows(path: str) -> None:
    for hook in HOOKS:
        assert re.search(hook["files"], path)


@pytest.mark.parametrize("path", ["README.md", "main.go", "logo.png", "src/app.ts", "image.rs"])
def test_the_hooks_are_not_given_what_no_place_knows(path: str) -> None:
    for hook in HOOKS:
        assert not re.search(hook["files"], path)


MANAGERS = {"pre-commit": [sys.executable, "-m", "pre_commit"], "prek": ["prek"]}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as a repository of hooks."""
    return tracked(tmp_path_factory.mktemp("hooks"))


@pytest.fixture
def tree(project: Path, tmp_path: Path) -> Path:
    """A repository that uses the hooks, with images of a registry that is not there."""
    (tmp_path / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {project}\n  rev: {git(project, 'rev-parse', 'HEAD')}  hooks:\n"
        + "".join(f"  - id: {hook['id']}\n" for hook in HOOKS)
    )
    for name in ("app.dockerfile", "Dockerfile-prod"):
        (tmp_path / name).write_text("FROM 127.0.0.1:1/nothing:1\n")
    (tmp_path / "readme.txt").write_text("FROM nginx:1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    return tmp_path


def hooked(
    manager: str, project: Path, tree: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """The hooks of ``tree``, installed once for a manager, and run on all files."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    homes = {name: str(project.parent / manager) for name in ("PRE_COMMIT_HOME", "PREK_HOME")}
    around = {name: it for name, it in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [*MANAGERS[manager], "run", "--all-files", *options],
        cwd=tree,
        env={**around, **homes, "PATH": programs, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("manager", MANAGERS)
def test_the_hooks_report_what_can_change(manager: str, project: Path, tree: Path) -> None:
    for hook in ("boltseal", "boltseal-fix"):
        done = hooked(manager, project, tree, hook)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "app.dockerfile:1:6" in done.stdout
        assert "Dockerfile-prod:1:6" in done.stdout
        assert "readme.txt" not in done.stdout
    assert (tree / "app.dockerfile").read_text() == "FROM 127.0.0.1:1/nothing:1\n"


@pytest.mark.parametrize("manager", MANAGERS)
def test_digests_are_verified_before_a_push_only(manager: str, project: Path, tree: Path) -> None:
    for name in ("app.dockerfile", "Dockerfile-prod"):
        (tree / name).write_text(f"FROM 127.0.0.1:1/nothing@sha256:{'0' * 64}\n")
    git(tree, "add", "-A")
    at_commit = hooked(manager, project, tree)
    assert at_commit.returncode == 0, at_commit.stdout + at_commit.stderr
    at_push = hooked(manager, project, tree, "--hook-stage", "pre-push", "boltseal-verify")
    assert at_push.returncode == 1
    assert "app.dockerfile:1:6" in at_push.stdout
