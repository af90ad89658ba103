"""Values and templates of Helm charts."""

from boltseal.reference import ImageReference
from tests.tools import fixed, texts, uses


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
