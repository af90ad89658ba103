"""Kustomizations."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import judge
from boltseal.use import Opaque
from tests.tools import KNOWLEDGE, fixed, inspected, problems, rules, sealed, texts, uses

NAME = "k/kustomization.yaml"
DIGEST = "sha256:" + "0" * 64


def test_a_kustomization_of_flux_in_a_file_of_that_name_is_none() -> None:
    text = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        "spec:\n  images:\n  - {name: a, newTag: v1}\n"
    )
    (use,) = uses(NAME, text)
    assert (use.place, use.route, use.text) == ("flux", "spec.images[0]", "a:v1")


def test_version_and_kind_may_be_missing_or_that_of_a_component() -> None:
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    for head in ("", component):
        assert texts(NAME, f"{head}images:\n- name: a\n  newTag: v1\n") == ["a:v1"]


def test_an_entry_without_anything_new_is_no_use() -> None:
    assert texts(NAME, "images:\n- name: a\n- {name: b, newTag: ''}\n- newTag: v1\n- c\n") == []


def test_an_entry_that_only_renames_is_a_note() -> None:
    text = "images:\n- name: a\n  newName: registry.example.com/a\n"
    assert rules(NAME, text) == ["unresolvable-reference"]
    assert sealed(NAME, text) == text


def test_a_tag_inside_the_new_name_is_judged_and_left_alone() -> None:
    text = "images:\n- name: a\n  newName: registry.example.com/a:v1\n"
    assert rules(NAME, text) == ["mutable-tag"]
    assert sealed(NAME, text) == text


def test_a_digest_pins_whatever_the_tag_is() -> None:
    text = f"images:\n- {{name: a, newTag: v1, digest: '{DIGEST}'}}\n- {{name: b, digest: '{DIGEST}'}}\n"
    assert rules(NAME, text) == []
    assert texts(NAME, text) == [f"a:v1@{DIGEST}", f"b@{DIGEST}"]


def test_a_digest_that_is_none_is_said() -> None:
    assert rules(NAME, "images:\n- {name: a, digest: abc}\n") == ["invalid-reference"]


def test_the_digest_gets_a_line_behind_the_tag_and_its_comment() -> None:
    text = "images:\r\n  - newTag: v1  # é\r\n    name: a/b\r\n    newName: c/d\r\n"
    assert sealed(NAME, text) == text.replace(
        "# é\r\n", "# é\r\n    digest: <docker.io/c/d:v1>\r\n"
    )


def test_a_digest_that_is_there_and_empty_is_filled() -> None:
    text = 'images:\n- name: a/b\n  digest: ""\n  newTag: v1\n'
    assert sealed(NAME, text) == text.replace('""', '"<docker.io/a/b:v1>"')


def test_braces_take_it_behind_a_comma() -> None:
    text = "images: [{name: a/b, newTag: v1}]\n"
    assert sealed(NAME, text) == "images: [{name: a/b, newTag: v1, digest: <docker.io/a/b:v1>}]\n"


def test_a_tag_that_is_read_as_another_number_is_left_unless_asked() -> None:
    text = "images:\n- name: a/b\n  newTag: 1.10\n"
    assert sealed(NAME, text) == text
    after = 'images:\n- name: a/b\n  newTag: "1.10"\n  digest: <docker.io/a/b:1.10>\n'
    assert sealed(NAME, text, unsafe=True) == after


def test_an_aliased_tag_is_reported_and_not_given_a_line() -> None:
    text = "x: &v v1\nimages:\n- name: a/b\n  newTag: *v\n"
    assert texts(NAME, text) == ["a/b:v1"]
    assert sealed(NAME, text) == text


@pytest.mark.parametrize("tag", ["${TAG}", "'{{ tag }}'", "<tag>"])
def test_what_is_filled_in_is_not_guessed(tag: str) -> None:
    (use,) = uses(NAME, f"images:\n- name: a\n  newTag: {tag}\n")
    assert use.reference is None
    assert isinstance(use.spelling, Opaque)


def test_values_of_charts_are_read_and_charts_are_listed() -> None:
    text = (
        "helmCharts:\n- name: web\n  repo: oci://registry.example.com/charts\n  version: 1.0.0\n"
        "  valuesInline:\n    image: {repository: a/b, tag: v1, digest: ''}\n"
    )
    chart, image = uses(NAME, text)
    assert (chart.text, chart.artifact) == ("registry.example.com/charts/web:1.0.0", True)
    assert rules(NAME, text) == ["mutable-tag"]
    assert image.text == "a/b:v1"
    assert sealed(NAME, text) == text.replace("''", "'<docker.io/a/b:v1>'")


PATCHES = (
    "patches:\r\n- path: other.yaml\r\n- target: {kind: Deployment}\r\n  patch: |-\r\n"
    "    - op: test\r\n      path: /spec/image\r\n      value: no:1\r\n"
    "    - op: replace\r\n      path: /spec/template/spec/containers/0/image\r\n"
    "      value: a/b:1 # é\r\n"
    "    - {op: add, path: /spec/template/spec/containers/-, value: {name: x, image: redis}}\r\n"
    "    - {op: add, path: /spec/replicas, value: 3}\r\n"
    "patchesStrategicMerge:\r\n- file.yaml\r\n- |-\r\n  apiVersion: v1\r\n  kind: Pod\r\n"
    "  spec:\r\n    containers:\r\n    - image: é/c:1\r\n    - image: c/d:2"
)


def test_patches_in_the_text_are_read_and_rewritten_in_place() -> None:
    text = PATCHES.replace("é/c:1", "x/c:1")
    assert texts(NAME, text) == ["a/b:1", "redis", "x/c:1", "c/d:2"]
    after = text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")
    after = after.replace("redis", "redis:latest@<docker.io/library/redis:latest>")
    after = after.replace("x/c:1", "x/c:1@<docker.io/x/c:1>")
    assert sealed(NAME, text) == after.replace("c/d:2", "c/d:2@<docker.io/c/d:2>")


def test_a_patch_in_quotes_is_rewritten_where_it_stands_letter_by_letter() -> None:
    path = "/spec/template/spec/containers/0/image"
    text = f"""patches:\n- patch: '  [{{"op":"replace","path":"{path}","value":"a/b:1"}}]'\n"""
    assert sealed(NAME, text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")
    folded = (
        f"patches:\n- patch: >-\n    - op: replace\n\n      path: {path}\n\n      value: a/b:1\n"
    )
    assert texts(NAME, folded) == ["a/b:1"]
    assert sealed(NAME, folded) == folded


def test_a_patch_that_is_no_yaml_is_reported() -> None:
    text = "patches:\n- patch: |\n    image: [\nimages:\n- {name: a, newTag: v1}\n"
    (problem,) = problems(NAME, text)
    assert problem.startswith("the text in it: not YAML")
    assert sealed(NAME, text) == text


def test_a_value_of_a_release_in_a_patch_gets_its_digest_with_the_indentation_of_the_text() -> None:
    text = (
        "patches:\n- patch: |\n    apiVersion: kustomize.toolkit.fluxcd.io/v1\n"
        "    kind: Kustomization\n    spec:\n      images:\n      - name: a/b\n        newTag: v1\n"
    )
    assert sealed(NAME, text) == f"{text}        digest: <docker.io/a/b:v1>\n"


def test_texts_in_texts_are_opened_only_so_far() -> None:
    text = ""
    for _ in range(40):
        inner = "\n".join(f"      {line}" for line in text.splitlines())
        text = (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n"
            f"  images: [{{name: a, newTag: v1}}]\n  patches:\n  - patch: |\n{inner}\n"
        )
    assert 0 < len(texts("ks.yaml", text)) < 6


TAGS = st.sampled_from(["v1", "1.10", "16", '"8.3"', "&t v2", "${T}", "''"])
TAILS = st.sampled_from(["", "\n  digest:", '\n  digest: ""', f"\n  digest: {DIGEST}", "  # é"])


@st.composite
def kustomizations(draw: st.DrawFn) -> str:
    entries = range(draw(st.integers(0, 3)))
    lines = ["images:"]
    lines += [f"- name: n{i}/x\n  newTag: {draw(TAGS)}{draw(TAILS)}" for i in entries]
    lines.append("patches:\n- patch: |-\n    - op: replace\n      path: /spec/a/image")
    lines.append(f"      value: {draw(st.sampled_from(['a:1', 'é', 'a/b:1 # é', '[']))}")
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


@settings(deadline=None, max_examples=100)
@given(kustomizations(), st.booleans())
def test_a_second_fix_has_nothing_to_do(text: str, unsafe: bool) -> None:
    once = fixed(NAME, text, unsafe=unsafe)
    assert fixed(NAME, once, unsafe=unsafe) == once
    findings = judge(KNOWLEDGE, inspected(NAME, text))
    if not unsafe and not any(finding.fix_safety == "safe" for finding in findings):
        assert once == text.encode()


@settings(deadline=None, max_examples=60)
@given(kustomizations())
def test_line_ends_and_a_mark_change_no_use(text: str) -> None:
    assert texts(NAME, text.replace("\n", "\r\n")) == texts(NAME, text)
    assert texts(NAME, b"\xef\xbb\xbf" + text.encode()) == texts(NAME, text)


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from([NAME, "helmfile.yaml", "Chart.yaml"]),
    st.one_of(st.binary(max_size=60), st.text(max_size=60)),
)
def test_no_content_ends_in_an_exception(name: str, content: bytes | str) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    heads = (b"images:\n- name: a\n  newTag: ", b"patches:\n- patch: |\n    image: ", b"")
    for head in (*heads, b"annotations:\n  artifacthub.io/images: |\n    - image: "):
        list(judge(KNOWLEDGE, inspected(name, head + data)))


def test_more_than_one_byte_order_mark_moves_nothing() -> None:
    text = "\ufeff\ufeffimages:\n  - {name: a, newTag: v1}\n"
    (use,) = uses(NAME, text)
    assert use.source.slice(use.span) == b"v1"
    assert fixed(NAME, fixed(NAME, text)) == fixed(NAME, text)


PATCH = (
    "- op: test\n  path: /spec/template/spec/containers/0/image\n  value: no:1\n"
    "- {op: replace, path: /spec/template/spec/containers/0/image, value: redis:8}\n"
    "- op: add\n  path: /spec/template/spec/initContainers/-\n"
    "  value: {name: a, image: 'b:1'}\n"
    "- {op: replace, path: /spec/image, value: ubuntu-24.04}\n"
)


def test_a_json_patch_in_a_file_of_its_own_is_read() -> None:
    after = PATCH.replace("redis:8", "redis:8@<docker.io/library/redis:8>")
    assert sealed("a/patch.yaml", PATCH) == after.replace("b:1", "b:1@<docker.io/library/b:1>")
    json = '[{"op": "replace", "path": "/spec/image", "value": "a/b:1"}]'
    assert texts("patch.json", json) == ["a/b:1"]


def test_a_list_of_something_else_is_no_patch() -> None:
    assert texts("a.yaml", f"{PATCH}- image: nginx:1\n") == []
    assert texts("a.yaml", f"{PATCH}---\nimage: nginx:1\n") == []
    assert texts("a.yaml", "- op: add\n  image: [\n") == []
