"""Helmfiles."""

from tests.tools import rules, sealed, texts, uses


def test_names_of_files_and_charts_of_repositories_are_no_uses() -> None:
    text = "releases:\n- name: image\n  chart: stable/web\n  values: [values.yaml, a/image.yaml]\n"
    assert texts("helmfile.yaml", text) == []


def test_values_in_the_file_are_read_around_templates() -> None:
    text = (
        "environments: {default: {}}\n---\nreleases:\n- name: web\n  version: {{ .Values.v | quote }}\n"
        "  values:\n  - image:\n      repository: a/b\n      tag: v1\n      digest: ''\n"
        "  {{- if .Values.x }}\n  - job: {image: 'c/d:{{ .Values.t }}'}\n  {{- end }}\n"
    )
    for name in ("helmfile.yaml", "x/helmfile.yaml.gotmpl", "helmfile.d/10-web.yaml"):
        assert texts(name, text) == ["a/b:v1", "c/d:{{ .Values.t }}"]
        assert rules(name, text) == ["mutable-tag"]
        assert sealed(name, text) == text.replace("''", "'<docker.io/a/b:v1>'")


def test_what_is_set_one_by_one_is_put_together() -> None:
    text = (
        "releases:\n- name: web\n  set:\n  - {name: image.repository, value: a/b}\n"
        "  - {name: image.tag, value: v1}\n  - {name: job.image.tag, value: v2}\n"
    )
    assert rules("helmfile.yaml", text) == ["mutable-tag", "unresolvable-reference"]


def test_a_chart_in_a_registry_is_listed_and_no_finding() -> None:
    text = "releases:\n- {name: web, chart: 'oci://registry.example.com/web', version: 1.0.0}\n"
    (use,) = uses("helmfile.yaml", text)
    assert (use.text, use.artifact) == ("registry.example.com/web:1.0.0", True)
    assert rules("helmfile.yaml", text) == []


def test_a_helmfile_that_is_no_yaml_around_its_templates_is_read_line_by_line() -> None:
    text = "releases:\n {{ x }}\n  a: [\n    image: busybox:1.36\n"
    assert texts("helmfile.yaml", text) == ["busybox:1.36"]
    assert sealed("helmfile.yaml", text) == text


def test_manifests_in_the_folder_of_helmfiles_are_manifests() -> None:
    text = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:1'}]}\n"
    (use,) = uses("helmfile.d/pod.yaml", text)
    assert use.place == "kubernetes"
