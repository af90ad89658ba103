"""Values and templates of Helm charts."""

import pytest

from boltseal.reference import ImageReference
from boltseal.source import Source
from boltseal.use import Opaque
from boltseal_rules.places import helm_values
from tests.tools import fixed, inspected, sealed, texts, uses


def test_an_empty_tag_is_left_to_the_chart() -> None:
    (use,) = uses("values.yaml", 'image: {repository: a/b, tag: ""}\n')
    assert use.reference is None
    assert fixed("values.yaml", 'image: {repository: a/b, tag: ""}\n').endswith(b'""}\n')


def test_pictures_urls_and_policies_are_no_images() -> None:
    text = "backgroundImage: a.png\nimage: http://x/y\nimagePullPolicy: Always\nimageX: {a: b}\n"
    assert texts("values.yaml", text) == []


def test_parts_under_several_names_are_put_together() -> None:
    text = (
        "a: {imageName: a/b, imageTag: v1}\n"
        "b: {image: c/d, imageTag: v2}\n"
        "c: {image: {repo: e/f, tag: v3}}\n"
        "d: {image: {name: g/h, tag: v4}}\n"
    )
    assert texts("values.yaml", text) == ["a/b:v1", "c/d:v2", "e/f:v3", "g/h:v4"]


def test_a_global_registry_overrides_the_others() -> None:
    text = (
        "global: {imageRegistry: m.example.com}\nimage: {registry: r, repository: a/b, tag: v1}\n"
    )
    (use,) = uses("values.yaml", text)
    assert isinstance(use.reference, ImageReference)
    assert use.reference.registry == "m.example.com"


def test_lines_that_an_action_puts_below_a_key_stand_beside_those_that_are_written_there() -> None:
    text = (
        'metadata:\n  labels: {{- include "web.labels" . | nindent 4 }}\n    tier: web\n'
        "spec:\n  containers:\n  - image: busybox:1.36\n"
    )
    assert b"busybox:1.36@sha256:" in fixed("templates/pod.yaml", text)


def test_templates_are_read_around_their_actions() -> None:
    text = (
        "{{- if .x }}\nspec:\n  containers:\n  - name: {{ .n }}\n    image: busybox:1.36\n"
        '  - name: b\n    image: "{{ .Values.a }}:{{ .Values.b }}"\n{{- end }}\n'
    )
    found = uses("templates/pod.yaml", text)
    assert [use.reference is None for use in found] == [False, True]
    assert b"busybox:1.36@sha256:" in fixed("templates/pod.yaml", text)


def test_a_template_that_is_no_yaml_is_reported_and_not_edited() -> None:
    text = "{{ x }}\n  a: [\n    image: busybox:1.36\n"
    assert texts("templates/pod.yaml", text) == ["busybox:1.36"]
    assert fixed("templates/pod.yaml", text) == text.encode()


def test_a_template_is_read_below_lines_that_an_action_puts_in() -> None:
    text = (
        'metadata:\n  labels: {{- include "labels" . | nindent 4 }}\n    app: web\n'
        "spec:\n  containers:\n  - image: busybox:1.36\n"
    )
    assert [use.route for use in uses("templates/pod.yaml", text)] == ["spec.containers[0].image"]
    assert b"busybox:1.36@sha256:" in fixed("templates/pod.yaml", text)


NAME = "docker.io/x/y:1"


@pytest.mark.parametrize(
    ("empty", "filled"),
    [
        ("digest:", "digest: <D>"),
        ("digest: ", "digest: <D>"),
        ("digest:   # c", "digest: <D>   # c"),
        ("digest:\t# c", "digest: <D>\t# c"),
        ("digest:\n    # c\n  z: 1", "digest: <D>\n    # c\n  z: 1"),
        ("digest :", "digest : <D>"),
        ("digest: ~", "digest: <D>"),
        ("digest: null # c", "digest: <D> # c"),
        ('digest: ""', 'digest: "<D>"'),
        ("digest: ''", "digest: '<D>'"),
        ("imageDigest: ''", "imageDigest: '<D>'"),
        ("? digest\n  :", "? digest\n  : <D>"),
        ("digest:\r\n  z: 1\r", "digest: <D>\r\n  z: 1\r"),
    ],
)
def test_an_empty_digest_key_is_filled(empty: str, filled: str) -> None:
    text = f"image:\n  repository: x/y\n  tag: '1'\n  {empty}\n"
    written = filled.replace("<D>", f"<{NAME}>")
    assert sealed("values.yaml", text) == text.replace(empty, written)


@pytest.mark.parametrize(
    "key", ["digest: &d", "digest: !!str", "digest: |", "? digest", "digest: []"]
)
def test_a_digest_key_that_takes_nothing_is_left_alone(key: str) -> None:
    text = f"image:\n  repository: x/y\n  tag: '1'\n  {key}\n"
    assert sealed("values.yaml", text) == text
    assert sealed("values.yaml", text, unsafe=True) == text.replace("'1'", f"'1@<{NAME}>'")


@pytest.mark.parametrize(
    ("key", "fills"),
    [("digest", False), ("digest:", False), ("digest: ", True), ("digest: ~", True)],
)
def test_a_digest_key_in_flow_style_needs_its_colon_and_a_space(key: str, fills: bool) -> None:
    text = f"image: {{repository: x/y, tag: '1', {key}, z: 1}}\n"
    after = sealed("values.yaml", text)
    assert (f"digest: <{NAME}>" in after) is fills
    assert (after == text) is not fills


def test_a_tag_that_is_shared_is_not_written() -> None:
    text = "a: {image: {repository: x/a, tag: &t v1}}\nb: {image: {repository: x/b, tag: *t}}\n"
    assert all(isinstance(use.spelling, Opaque) for use in uses("values.yaml", text))
    assert sealed("values.yaml", text, unsafe=True) == text


def test_a_digest_that_is_shared_is_not_written() -> None:
    text = (
        "a: {image: {repository: x/a, tag: v1, digest: &d ''}}\n"
        "b: {image: {repository: x/b, tag: v1, digest: *d}}\n"
    )
    assert sealed("values.yaml", text) == text


def test_a_shared_tag_does_not_keep_a_digest_key_from_its_digest() -> None:
    text = "t: &t v1\na: {image: {repository: x/a, tag: *t, digest: ''}}\n"
    assert sealed("values.yaml", text).endswith("digest: '<docker.io/x/a:v1>'}}\n")


def test_parts_that_are_merged_into_others_are_not_written() -> None:
    text = (
        "base: &base {repository: x/y, tag: v1, digest: ''}\n"
        "a: {image: *base}\n"
        "b: {image: {<<: *base, tag: v2}}\n"
        "c: {image: {<<: *base, digest: ''}}\n"
        "d: {image: {<<: *base, pullPolicy: Always}}\n"
    )
    assert texts("values.yaml", text) == ["x/y:v1", "x/y:v1", "x/y:v2"]
    after = text.replace("*base, digest: ''", "*base, digest: '<docker.io/x/y:v1>'")
    assert sealed("values.yaml", text) == after
    after = after.replace("tag: v2", "tag: v2@<docker.io/x/y:v2>")
    assert sealed("values.yaml", text, unsafe=True) == after


def test_a_reference_that_others_merge_and_give_a_tag_is_a_reference_of_its_own() -> None:
    text = "base: &base\n  image: nginx\nweb:\n  <<: *base\n  tag: '1'\n"
    assert sealed("values.yaml", text) == text.replace(
        "nginx", "nginx:latest@<docker.io/library/nginx:latest>"
    )


def test_an_image_with_aliases_is_one_use() -> None:
    assert texts("values.yaml", "a: {image: &i x:1 }\nb: {image: *i }\n") == ["x:1"]
    assert texts("values.yaml", "a: &a {image: {repository: x, tag: v1}}\nb: *a\n") == ["x:v1"]


@pytest.mark.parametrize(
    ("tag", "after"),
    [
        ("16", '"16@<D>"'),
        ("1.10", '"1.10@<D>"'),
        ("1.27", '"1.27@<D>"'),
        ("v1 # c", "v1@<D> # c"),
        ("'1'", "'1@<D>'"),
        ("0x1f", '"0x1f@<D>"'),
        ("1e3", '"1e3@<D>"'),
    ],
)
def test_an_unsafe_fix_keeps_the_tag_as_it_is_written(tag: str, after: str) -> None:
    text = f"image:\n  repository: x/y\n  tag: {tag}\n"
    shown = sealed("values.yaml", text, unsafe=True)
    written = tag.partition(" ")[0].strip("'")
    assert shown == text.replace(tag, after.replace("<D>", f"<docker.io/x/y:{written}>"))
    assert sealed("values.yaml", text) == text


@pytest.mark.parametrize("name", ["ci.yml", "_config.yml", "README.md", "prod.yaml"])
def test_other_files_are_no_values_until_an_image_in_parts_shows_it(name: str) -> None:
    def find(text: str) -> object:
        return helm_values.find(Source(name, text.encode()))

    assert find("jobs: {a: {container: {image: 'python:3'}}}\n") is None
    assert find("image: cat\nrepository: acme/site\ntag: blog\n") is None
    assert find("image: [\n") is None
    assert find("web: {image: {repository: a/b, tag: v1}}\n")


def test_a_template_elsewhere_is_none_of_a_chart() -> None:
    text = "{{ x }}\nimage: nginx:1\n"
    assert (texts("templates/x.yaml", text), texts("x.yaml", text)) == (["nginx:1"], [])


def test_control_actions_on_the_line_hide_nothing() -> None:
    text = "spec:\n  containers:\n  - name: a\n    {{ if .a }}image: nginx:1{{ end }}\n    args: [\n{{ x }}"
    assert texts("templates/pod.yaml", text) == ["nginx:1"]


def test_a_control_action_behind_a_value_leaves_the_rest_readable() -> None:
    text = (
        "spec:\n  containers:\n  - {{ with .p }}imagePullPolicy: '{{ . }}'{{ end }}\n"
        "    image: nginx:1{{ if .x }} # {{ end }}\n"
    )
    assert texts("templates/pod.yaml", text) == ["nginx:1{{ if .x }}"]


def test_branches_on_one_line_make_one_value() -> None:
    text = 'spec:\n  a: {{ if .x }}""{{ else }}{{ . }}{{ end }}\n  containers: [{image: b:1, name: a}]\n'
    assert [use.route for use in uses("templates/pod.yaml", text)] == ["spec.containers[0].image"]


def test_an_object_with_templates_that_is_no_yaml_is_named_and_read_by_line() -> None:
    text = "apiVersion: v1\nkind: Pod\nspec: {{ x }}\n  a: [\n    image: busybox:1.36\n"
    assert texts("files/pod.yaml", text) == ["busybox:1.36"]
    assert len(inspected("files/pod.yaml", text).problems) == 1
    assert fixed("files/pod.yaml", text) == text.encode()
