"""Ignore comments that boltseal writes: where they go, and that they change nothing else."""

import ast
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.annotate import Annotated, annotated, checked_reason
from boltseal.engine import Inspected, Knowledge, inspect
from boltseal.errors import UsageError
from boltseal.example import SHOWN_DIGEST, Example
from boltseal.ignores.comment_style import CommentStyle
from boltseal.repertoire import Options, Repertoire
from boltseal.source import ALONE, BOM, Source, Tree
from boltseal_rules.comment_styles import comment_style
from boltseal_rules.knowledge import guides
from tests.test_golden import AROUND, FILES, YAML_FILES, before, load, opted
from tests.test_properties import PIECES
from tests.tools import tree

REASON = "known at the start"
COMMENT = rb"(?:#|//) boltseal: ignore\[[\w, -]+\] known at the start"
ABOVE = re.compile(rb"(?m)(?:^|(?<=\A\xef\xbb\xbf))[ \t]*%b\r?\n" % COMMENT)
BEHIND = re.compile(rb"  " + COMMENT)
KNOWLEDGE = Repertoire(Options(isolated=True))("")
# Of the golden files, those with findings that have no place for a comment: JSON, a shell
# script, and images inside the strings of other formats.
WITHOUT_PLACE = {
    *("docker-bake/docker-bake.hcl", "embedded/install.sh"),
    *("jenkinsfile/Jenkinsfile", "k8s/one-line.json", "k8s/pod.json", "openshift/streams.json"),
    *("kustomize/base/kustomization.yaml", "terraform/main.tf"),
}


def look(knowledge: Knowledge, path: str, data: bytes, around: Tree = ALONE) -> Inspected:
    return inspect(knowledge, Source(path, data, around))


def written(path: str, data: bytes, around: Tree = ALONE) -> Annotated:
    options = Options(isolated=True, enable_places=opted(path))
    knowledge = Repertoire(options)("") if opted(path) else KNOWLEDGE
    return annotated(knowledge, look(knowledge, path, data, around), REASON, comment_style)


def text(path: str, content: str) -> str:
    return written(path, content.encode()).data.decode()


def without(data: bytes) -> bytes:
    return BEHIND.sub(b"", ABOVE.sub(b"", data))


VARIANTS = {
    "as it is": lambda data: data,
    "crlf": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "mark": lambda data: BOM + data.removeprefix(BOM),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", FILES)
def test_a_golden_file_gets_comments_and_nothing_else(name: str, variant: str) -> None:
    data = VARIANTS[variant](before(name))
    result = written(name, data, AROUND)
    assert without(result.data) == data
    assert bool(result.left) is (name in WITHOUT_PLACE)
    assert bool(result.accepted) is (result.data != data)
    again = written(name, result.data, AROUND)
    assert again.data == result.data
    assert again.accepted == ()
    assert len(again.left) == len(result.left)
    if variant == "crlf" and b"\n" in data:
        assert result.data.count(b"\n") == result.data.count(b"\r\n")
    elif b"\r" not in data:
        assert b"\r" not in result.data


@pytest.mark.parametrize("name", YAML_FILES)
def test_annotated_yaml_loads_to_the_same_data(name: str) -> None:
    assert load(written(name, before(name), AROUND).data) == load(before(name))


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".py")])
def test_annotated_python_has_the_same_tree(name: str) -> None:
    after = written(name, before(name), AROUND).data
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(before(name)))


EXAMPLES = [it for _, guide in guides() for it in guide.examples]


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(EXAMPLES), st.data())
def test_a_damaged_example_gets_comments_and_nothing_else(
    example: Example, data: st.DataObject
) -> None:
    content = example.text
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 3, 20]))
        content = content[:start] + data.draw(PIECES) + content[end:]
    damaged = content.encode()
    result = written(example.path, damaged)
    assert without(result.data) == damaged
    assert written(example.path, result.data).data == result.data


def test_a_dockerfile_has_them_above_instructions() -> None:
    content = "FROM a:1 AS x\nRUN --mount=type=bind,\\\nfrom=b:1 true\n"
    assert text("Dockerfile", content) == (
        "# boltseal: ignore[mutable-tag] known at the start\nFROM a:1 AS x\n"
        "# boltseal: ignore[mutable-tag] known at the start\n"
        "RUN --mount=type=bind,\\\nfrom=b:1 true\n"
    )


def test_yaml_has_them_behind_values_one_for_a_line() -> None:
    content = "services:\n  web: {image: a:1}\n  all: [{image: a:1}, {image: b}]\n"
    pods = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:1'}, {image: b}]}\n"
    assert "a:1}  # boltseal: ignore[mutable-tag]" in text("compose.yaml", content)
    assert text("pod.yaml", pods) == (
        f"{pods[:-1]}  # boltseal: ignore[mutable-tag, implicit-latest] known at the start\n"
    )


def test_a_text_in_yaml_has_it_above_its_key() -> None:
    content = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: >-\n      a:1\n"
    )
    after = text("pod.yaml", content)
    assert "    # boltseal: ignore[mutable-tag] known at the start\n    image: >-\n" in after


def test_the_directives_of_a_dockerfile_stay_the_first_lines() -> None:
    head, rest = "# syntax=docker/dockerfile:1\n# escape=`\n", "FROM a\n"
    comment = f"# boltseal: ignore[mutable-tag, implicit-latest] {REASON}\n"
    assert text("Dockerfile", head + rest) == head + comment + rest
    assert text("Dockerfile", head[: -len("# escape=`\n")] + "FROM scratch\n") == (
        f"# syntax=docker/dockerfile:1\n# boltseal: ignore[mutable-tag] {REASON}\nFROM scratch\n"
    )


def test_nothing_is_written_into_a_heredoc() -> None:
    content = "FROM scratch\nCOPY <<EOF /Dockerfile\nFROM a:1\nEOF\n"
    assert text("Dockerfile", content) == content


def test_comments_for_other_programs_stay_above_what_they_are_for() -> None:
    content = "FROM scratch\n# hadolint ignore=DL3008\n# renovate: datasource=docker\nFROM a:1\n"
    assert text("Dockerfile", content) == content.replace(
        "# hadolint", "# boltseal: ignore[mutable-tag] known at the start\n# hadolint"
    )


def test_a_line_with_a_comment_of_ours_gets_another_above() -> None:
    content = "services:\n  web:\n    image: a:1  # boltseal: ignore[implicit-latest] kept\n"
    after = text("compose.yaml", content)
    assert "    # boltseal: ignore[mutable-tag] known at the start\n    image: a:1  # bo" in after
    assert "ignore[implicit-latest] kept\n" in after


def test_nothing_is_written_that_a_template_would_join_to_other_text() -> None:
    head = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: a:1\n"
    joined = f'{head}  {{{{- "x" }}}}\n'
    for content, clean in (
        (joined, False),
        (f"{head}  {{{{- if .x }}}}\n  - a\n  {{{{- end }}}}\n", True),
    ):
        result = written("templates/a.yaml", content.encode())
        assert ("a:1  # boltseal" in result.data.decode()) is clean
        assert without(result.data) == content.encode()


def test_a_string_of_python_over_several_lines_is_not_written_into() -> None:
    content = 'IMAGE = """\\\na:1"""\nOTHER_IMAGE = "b:1"\n'
    assert text("a.py", content) == (
        f"# boltseal: ignore[mutable-tag] {REASON}\n"
        'IMAGE = """\\\na:1"""\n'
        f'OTHER_IMAGE = "b:1"  # boltseal: ignore[mutable-tag] {REASON}\n'
    )


def test_json_has_no_comments_and_a_dev_container_has() -> None:
    content = '{\n  "image": "a:1"\n}\n'
    pod = '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "a:1"}]}}\n'
    assert text("pod.json", pod) == pod
    assert text("devcontainer.json", content) == content.replace(
        '"a:1"', '"a:1"  // boltseal: ignore[mutable-tag] known at the start'
    )


def test_nothing_is_written_that_adds_a_use() -> None:
    content = b"FROM a:1\n"
    more = CommentStyle(f"FROM b@{SHOWN_DIGEST}\n# ", behind=False, said=lambda _: True)
    found = look(KNOWLEDGE, "Dockerfile", content)
    assert annotated(KNOWLEDGE, found, REASON, lambda _: more).data == content


def test_a_file_that_cannot_be_read_in_part_is_left_alone() -> None:
    content = b"apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:1'}]}\n---\napiVersion: v1\nkind: Pod\nimage: [a\n"
    result = written("pod.yaml", content)
    assert result.data == content
    assert len(result.left) == 2


def test_the_files_around_one_are_heard() -> None:
    files = {"c/Chart.yaml": "name: c\n", "c/values.yaml": "image:\n  repository: a\n  tag: v1\n"}
    result = written("c/values.yaml", files["c/values.yaml"].encode(), tree(files))
    assert b"tag: v1  # boltseal" in result.data


@pytest.mark.parametrize("reason", ["", "  ", "a\nb", "a\x1b", "so */", "a -->", "{# a", "{{ x }}"])
def test_a_reason_that_cannot_stand_in_a_comment_is_refused(reason: str) -> None:
    with pytest.raises(UsageError):
        checked_reason(reason)


def test_a_reason_may_be_of_any_language() -> None:
    assert checked_reason(" erst im Frühjahr 😀 ") == "erst im Frühjahr 😀"
