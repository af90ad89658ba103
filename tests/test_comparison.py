"""What docs/comparison.md says that boltseal finds in the tree that the tools were run on."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from boltseal import start

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
GROUPS = {
    "Dockerfile": "Dockerfile",
    "Compose": "compose.yaml",
    "Kubernetes: containers": "k8s/deploy.yaml",
    "Kubernetes: an operator": "k8s/crd.yaml",
    "Kustomize": "overlay/kustomization.yaml",
    "Helm": "chart/values.yaml",
    "GitHub": ".github/workflows/ci.yml",
    "GitLab": ".gitlab-ci.yml",
    "Python": "src/run.py",
}


def claimed() -> Counter[str]:
    """The files of the tree with the number of images that the table has for boltseal."""
    found: Counter[str] = Counter()
    for place, images, ours in re.findall(
        r"^\| ([A-Z].*?) \| (\d+) \| (\d+).*?\|", PAGE, re.MULTILINE
    ):
        (path,) = (path for start, path in GROUPS.items() if place.startswith(start))
        assert ours == images
        found[path] += int(ours)
    return found


def test_what_is_claimed_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "tests" / "comparison", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    assert start.run(["check", "--format", "concise", "--place", "shell"]) == 1
    lines = capfd.readouterr().out.splitlines()
    found = Counter(line.split(":")[0] for line in lines if ": warning[" in line)
    assert found == claimed()
    assert found.total() == 22
