"""What comments do to findings, and which comments do nothing."""

import pytest

from boltseal.engine import judge
from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.ignores.comment import comments
from boltseal.ignores.suppress import Idle, idle, suppressed
from boltseal.source import Source, Span
from boltseal_rules.checks import unexplained_ignore, unused_ignore
from boltseal_rules.knowledge import pages
from tests.tools import KNOWLEDGE, inspected

KNOWN = [rule.name for rule in pages()]
USUAL = ("mutable-tag", "implicit-latest", "unresolvable-reference", "invalid-reference")


def settled(path: str, text: str) -> list[Finding]:
    found = inspected(path, text)
    return suppressed(judge(KNOWLEDGE, found), comments(found.source))


def accepted(path: str, text: str) -> list[bool]:
    """Of each finding, whether a comment accepts it."""
    return [finding.suppression is not None for finding in settled(path, text)]


def idles(path: str, text: str, asked: tuple[str, ...] = USUAL) -> list[Idle]:
    found = inspected(path, text)
    said = comments(found.source)
    findings = suppressed(judge(KNOWLEDGE, found), said)
    return list(idle(findings, said, known=KNOWN, asked=asked, usual=USUAL))


def unused(path: str, text: str, asked: tuple[str, ...] = USUAL) -> list[str]:
    source = Source(path, text.encode())
    return [unused_ignore.judge(source, it).message for it in idles(path, text, asked)]


def test_a_finding_says_which_comment_accepts_it() -> None:
    (finding,) = settled("Dockerfile", "\n# boltseal: ignore[mutable-tag] built here\nFROM a:1\n")
    assert finding.suppression == Suppression(Origin.COMMENT, "built here", "Dockerfile:2")


def test_other_rules_and_other_lines_are_not_accepted() -> None:
    text = "# boltseal: ignore[implicit-latest]\nFROM a:1\n# boltseal: ignore\nFROM b:1\nFROM c:1\n"
    assert accepted("Dockerfile", text) == [False, True, False]


def test_a_suppression_that_is_set_stays() -> None:
    source = Source("a", b"# boltseal: ignore\nx\n")
    kept = Suppression(Origin.CONFIGURATION, "kept")
    finding = Finding("r", Severity.ERROR, "", "", source, Span(19, 20), suppression=kept)
    assert suppressed([finding], comments(source)) == [finding]


def test_a_file_is_accepted_as_a_whole() -> None:
    text = "FROM a:1\nFROM b\n# boltseal: ignore-file[mutable-tag]\n"
    assert accepted("Dockerfile", text) == [True, False]


def test_a_part_that_cannot_be_read_is_accepted_by_its_line() -> None:
    text = "services:\n  web:\n    image: [nginx:1.27\n# boltseal: ignore-file[unparsable-file]\n"
    assert all(accepted("compose.yaml", text))


def test_a_comment_above_an_instruction_is_for_all_of_it() -> None:
    text = "# boltseal: ignore\nRUN --mount=type=bind,\\\n# within\nfrom=busybox:1 true\n"
    assert accepted("Dockerfile", text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "# boltseal: ignore\nimage:\n  repository: a/b\n  tag: v1\n",
        "image:  # boltseal: ignore\n  repository: a/b\n  tag: v1\n",
        "image:\n  repository: a/b\n  tag: v1  # boltseal: ignore\n",
        "image:\n  repository: a/b\n  tag: v1\n  digest:  # boltseal: ignore\n",
    ],
)
def test_an_image_in_several_keys_is_accepted_at_its_key_its_tag_or_its_digest(text: str) -> None:
    assert accepted("values.yaml", text) == [True]


def test_a_comment_above_an_item_of_a_kustomization_accepts_its_tag() -> None:
    text = "images:\n# boltseal: ignore[mutable-tag] r\n- name: nginx\n  newTag: '1.27'\n"
    assert accepted("kustomization.yaml", text) == [True]


def test_the_first_comment_gives_the_reason() -> None:
    text = "# boltseal: ignore one\n# boltseal: ignore two\nFROM a:1\n# boltseal: ignore-file all\n"
    (finding,) = settled("Dockerfile", text)
    assert finding.suppression
    assert finding.suppression.reason == "one"


def test_what_accepts_something_is_not_idle() -> None:
    text = "# boltseal: ignore one\n# boltseal: ignore-file[mutable-tag] two\nFROM a:1\n"
    assert idles("Dockerfile", text) == []


def test_a_comment_that_accepts_nothing_is_told() -> None:
    assert unused("Dockerfile", "# boltseal: ignore[mutable-tag]\nFROM scratch\n") == [
        "the ignore comment is unused: mutable-tag finds nothing here"
    ]
    assert unused("Dockerfile", "# boltseal: ignore\nFROM scratch\n") == [
        "the ignore comment is unused: nothing is found here"
    ]
    assert unused("Dockerfile", "# boltseal: ignore-file\nFROM scratch\n") == [
        "the ignore comment is unused: nothing is found in this file"
    ]


def test_one_rule_of_several_may_be_idle() -> None:
    (found,) = idles("Dockerfile", "# boltseal: ignore[mutable-tag, implicit-latest]\nFROM a:1\n")
    assert found.rules == ("implicit-latest",)
    finding = unused_ignore.judge(Source("Dockerfile", b"x"), found)
    assert finding.hint == "take implicit-latest out of it"


def test_a_rule_that_was_not_asked_is_not_idle() -> None:
    text = "# boltseal: ignore[stale-digest]\nFROM scratch\n"
    assert unused("Dockerfile", text) == []
    assert unused("Dockerfile", text, ("stale-digest",)) != []


def test_a_comment_for_all_rules_is_idle_only_where_all_the_usual_ones_were_asked() -> None:
    text = "# boltseal: ignore\nFROM scratch\n"
    assert unused("Dockerfile", text, USUAL[1:]) == []
    assert unused("Dockerfile", text, (*USUAL, "stale-digest")) != []


def test_an_unknown_rule_is_told_with_the_one_that_was_meant() -> None:
    assert unused("Dockerfile", "# boltseal: ignore[mutable-tags]\nFROM a:1\n") == [
        "the ignore comment is unused: unknown rule 'mutable-tags'; did you mean 'mutable-tag'?"
    ]


def test_the_rules_about_comments_are_never_idle() -> None:
    text = "# boltseal: ignore-file[unused-ignore] generated\nFROM scratch\n"
    assert idles("Dockerfile", text) == []


def test_a_reason_is_asked_for_where_none_is_given() -> None:
    for text, told in (("# boltseal: ignore[a]", True), ("# boltseal: ignore[a] why", False)):
        source = Source("Dockerfile", text.encode())
        (comment,) = comments(source)
        assert (unexplained_ignore.judge(source, comment) is not None) is told
