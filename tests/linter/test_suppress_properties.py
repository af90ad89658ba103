"""What is said of comments holds: one that is called unused can be deleted."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import inspect, judge
from boltseal.finding import Finding
from boltseal.ignores.comment import Comment
from boltseal.repertoire import Options, Repertoire
from boltseal.source import Source

RULES = (
    "",
    "[mutable-tag]",
    "[implicit-latest]",
    "[mutable-tag, implicit-latest]",
    "[unused-ignore]",
)
COMMENTS = [
    f"# boltseal: ignore{scope}{rules}{reason}"
    for scope, rules, reason in product(("", "-file"), RULES, ("", " why"))
]
PARTS = {
    "Dockerfile": [
        "FROM a:1",
        "FROM b",
        "FROM c AS d",
        "RUN x \\\n y",
        "",
        "# x",
        "COPY --from=e:1 a b",
    ],
    "compose.yaml": [
        "  a: {image: a:1}",
        "  b:\n    image: b",
        "  c:\n    image: c:1",
        "  d:\n    environment: [x]",
        "",
        "  # x",
    ],
}
KNOWLEDGE = {path: Repertoire(Options(isolated=True))(path) for path in PARTS}


def settled(path: str, lines: list[str]) -> list[Finding]:
    head = ["services:"] if path == "compose.yaml" else []
    source = Source(path, "\n".join([*head, *lines, ""]).encode())
    knowledge = KNOWLEDGE[path]
    return list(judge(knowledge, inspect(knowledge, source)))


def active(findings: list[Finding]) -> list[tuple[str, str]]:
    return [
        (it.rule, it.use.text) for it in findings if it.use is not None and it.suppression is None
    ]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[str]]:
    path = draw(st.sampled_from(sorted(PARTS)))
    parts = draw(st.lists(st.sampled_from(PARTS[path]), min_size=1, max_size=6))
    lines = []
    for number, part in enumerate(parts):
        text = part.replace("a:", f"a{number}:").replace("b:", f"b{number}:")
        text = text.replace("c:", f"c{number}:").replace("d:", f"d{number}:")
        indent = draw(st.sampled_from(["", "  ", "    "]))
        if draw(st.booleans()):
            lines.append(indent + draw(st.sampled_from(COMMENTS)))
        if path == "compose.yaml" and text.strip() and draw(st.booleans()):
            text += "  " + draw(st.sampled_from(COMMENTS))
        lines.append(text)
    return path, "\n".join(lines).split("\n")


@given(files())
@settings(deadline=None, max_examples=300)
def test_a_comment_that_is_called_unused_can_be_deleted(file: tuple[str, list[str]]) -> None:
    path, lines = file
    findings = settled(path, lines)
    before = active(findings)
    offset = 1 if path == "compose.yaml" else 0
    for finding in findings:
        if finding.rule != "unused-ignore" or "nothing is found" not in finding.message:
            continue
        at = finding.source.line_of(finding.span.start) - 1 - offset
        text = lines[at]
        without = [*lines[:at], text[: text.index("# boltseal")], *lines[at + 1 :]]
        assert active(settled(path, without)) == before


def test_comments_are_not_compared_with_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred thousand comments that would be hours."""

    def refuse(one: object, other: object) -> bool:
        raise AssertionError((one, other))

    monkeypatch.setattr(Comment, "__eq__", refuse)
    lines = ["FROM a:1", *COMMENTS * 2]
    assert any(it.rule == "unused-ignore" for it in settled("Dockerfile", lines))
