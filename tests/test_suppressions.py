"""docs/suppressions.md: each of its files has findings, and all of them are accepted."""

import re
from pathlib import Path

import pytest

from boltseal import start
from boltseal.engine import inspect, judge
from boltseal.repertoire import Options, Repertoire
from boltseal.source import Source

TEXT = (Path(__file__).parent.parent / "docs" / "suppressions.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
SHOWN = [(path, text) for path, text in FILES if not path.endswith(".toml")]
CONFIGURATION = dict(FILES)["boltseal.toml"]


@pytest.mark.parametrize(("path", "text"), SHOWN)
def test_what_the_page_accepts_is_accepted(
    path: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "boltseal.toml").write_text(CONFIGURATION)
    (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert start.run(["check"]) == 0
    assert start.run(["check", "--no-ignores"]) == 1


@pytest.mark.parametrize(
    ("path", "text", "accepted"),
    [
        ("Dockerfile", "# hadolint ignore=DL3006\nFROM nginx\n", True),
        ("Dockerfile", "# hadolint global ignore=DL3007\n\nFROM nginx:latest\n", True),
        ("Dockerfile", "# hadolint ignore=DL3006,DL3007\nFROM nginx:1.27\n", False),
        (
            ".github/workflows/ci.yml",
            (
                "on: push\njobs:\n  a:\n    runs-on: x\n"
                "    container: node:20  # zizmor: ignore[unpinned-images]\n    steps: []\n"
            ),
            True,
        ),
    ],
)
@pytest.mark.parametrize("option", [True, False])
def test_the_comments_of_others_count_by_option(
    path: str, text: str, *, accepted: bool, option: bool
) -> None:
    pragmas = ("hadolint", "zizmor") if option else ()
    knowledge = Repertoire(Options(isolated=True, pragmas=pragmas))("")
    findings = list(judge(knowledge, inspect(knowledge, Source(path, text.encode()))))
    assert [bool(finding.suppression) for finding in findings] == [accepted and option]
