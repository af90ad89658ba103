"""The ignore comments of other programs, as these programs read them."""

import pytest

from boltseal.engine import judge
from boltseal.errors import UsageError
from boltseal.ignores.comment import Comment, comments
from boltseal.ignores.suppress import idle, suppressed
from boltseal.source import Source
from boltseal_rules.pragmas import pragmas
from tests.tools import KNOWLEDGE, inspected

BOTH = pragmas(("hadolint", "zizmor"))


def read(text: str) -> list[Comment]:
    return list(comments(Source("file", text.encode()), BOTH))


def reasons(path: str, text: str) -> list[str | None]:
    """Of each finding, the reason of the comment that accepts it, or None."""
    found = inspected(path, text)
    findings = suppressed(judge(KNOWLEDGE, found), comments(found.source, BOTH))
    return [it.suppression.reason if it.suppression else None for it in findings]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_hadolint_is_heard_above_an_instruction(end: str) -> None:
    text = f"# hadolint ignore=DL3006, DL3007 # why{end}FROM nginx{end}FROM nginx{end}"
    assert reasons("Dockerfile", text) == ["why", None]


def test_hadolint_has_no_rule_against_tags() -> None:
    assert reasons("Dockerfile", "# hadolint ignore=DL3006,DL3007\nFROM nginx:1\n") == [None]


def test_hadolint_is_heard_for_a_whole_file() -> None:
    text = "FROM nginx\n# hadolint global ignore=DL3007\nFROM nginx:latest\n"
    assert reasons("Dockerfile", text) == ["", ""]


@pytest.mark.parametrize(
    "text",
    [
        "# hadolint ignore=DL3006\n\nFROM nginx\n",
        "# hadolint ignore=DL3006\n# more\nFROM nginx\n",
        "FROM nginx # hadolint ignore=DL3006\n",
        "# hadolint ignore=DL3006 why\nFROM nginx\n",
        "# hadolint ignore=DL3008\nFROM nginx\n",
        "# hadolint ignore DL3006\nFROM nginx\n",
    ],
)
def test_what_hadolint_does_not_hear_is_not_heard(text: str) -> None:
    assert read(text) == []


WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: x\n    container: node:20 {}\n    steps: []\n"


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# zizmor: ignore[unpinned-images]", ""),
        ("# zizmor: ignore[unpinned-images] why", "why"),
        ("# other # zizmor: ignore[foo, unpinned-images,] why", "why"),
        ("# zizmor: ignore[foo]", None),
        ("# zizmor: ignore[unpinned-images]why", None),
        ("# zizmor:ignore[unpinned-images]", None),
        ("#zizmor: ignore[unpinned-images]", None),
        ("# zizmor: ignore[unpinned-images", None),
    ],
)
def test_zizmor_is_heard_on_the_line(comment: str, reason: str | None) -> None:
    assert reasons(".github/workflows/a.yml", WORKFLOW.replace("{}", comment)) == [reason]


def test_zizmor_is_not_heard_above_the_line() -> None:
    text = WORKFLOW.replace("    container", "    # zizmor: ignore[unpinned-images]\n    container")
    assert reasons(".github/workflows/a.yml", text) == [None]


def test_comments_of_others_are_heard_by_option_and_never_idle() -> None:
    text = "# hadolint ignore=DL3006\nFROM scratch\n"
    said = read(text)
    assert len(said) == 1
    assert comments(Source("Dockerfile", text.encode())) == ()
    rules = ("implicit-latest",)
    assert list(idle([], said, known=rules, asked=rules, usual=rules)) == []


def test_a_program_that_is_not_known_is_told() -> None:
    with pytest.raises(UsageError, match="did you mean 'hadolint'"):
        pragmas(("hadolynt",))
