"""Objects of Argo CD."""

import pytest

from tests.tools import problems, rules, sealed, texts, uses

HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n"


def test_a_tag_alone_is_half_a_reference_and_a_note() -> None:
    text = f"{HEAD}    helm:\n      parameters:\n      - {{name: image.tag, value: v1}}\n"
    assert rules("app.yaml", text) == ["unresolvable-reference"]
    assert sealed("app.yaml", text, unsafe=True) == text


def test_parameters_without_images_are_none() -> None:
    rows = "[{name: a.tag, value: v1}, {name: image.pullPolicy, value: Always}, {name: x}, y]"
    assert texts("app.yaml", f"{HEAD}    helm:\n      parameters: {rows}\n") == []


def test_parameters_of_one_image_are_put_together() -> None:
    text = (
        f"{HEAD}    helm:\n      parameters:\n      - name: web.image.repository\n        value: a/b\n"
        "      - name: web.image.tag\n        value: v1\n      - name: job.image\n"
        "        value: c/d:2\n"
    )
    assert texts("app.yaml", text) == ["a/b:v1", "c/d:2"]
    assert sealed("app.yaml", text) == text.replace("c/d:2", "c/d:2@<docker.io/c/d:2>")
    unsafe = sealed("app.yaml", text, unsafe=True)
    assert "value: v1@<docker.io/a/b:v1>\n" in unsafe


@pytest.mark.parametrize(
    ("written", "named"),
    [("a/b:v1", "a/b:v1"), ("old=a/b:v1", "a/b:v1"), ("r.example.com/x=a/b:v1", "a/b:v1")],
)
def test_images_for_kustomize_are_rewritten_behind_the_name(written: str, named: str) -> None:
    text = f"{HEAD}    kustomize:\n      images: ['{written}']\n"
    assert texts("app.yaml", text) == [named]
    assert sealed("app.yaml", text) == text.replace("b:v1", "b:v1@<docker.io/a/b:v1>")


def test_an_image_that_is_only_renamed_is_a_note() -> None:
    text = f"{HEAD}    kustomize:\n      images: [old=a/b]\n"
    assert rules("app.yaml", text) == ["unresolvable-reference"]
    assert sealed("app.yaml", text) == text


def test_a_block_of_values_is_rewritten_with_its_own_indentation() -> None:
    text = (
        f"{HEAD}    helm:\n      values: |\n        # é\n        image:\n"
        "          repository: a/b\n          tag: 1\n          digest:\n        replicas: 2\n"
    )
    assert texts("app.yaml", text) == ["a/b:1"]
    after = text.replace("tag: 1\n", 'tag: "1"\n').replace(
        "digest:\n", "digest: <docker.io/a/b:1>\n"
    )
    assert sealed("app.yaml", text) == after


def test_values_as_an_object_and_several_sources_are_read() -> None:
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  sources:\n"
        "  - helm: {valuesObject: {image: {repository: a/b, tag: v1}}}\n"
        "  - {repoURL: 'oci://registry.example.com/charts', chart: web, targetRevision: 1.0.0}\n"
        "  - repoURL: https://charts.example.com\n    chart: x\n    targetRevision: 1.0.0\n"
    )
    image, chart = uses("app.yaml", text)
    assert image.route == "spec.sources[0].helm.valuesObject.image.repository"
    assert (chart.text, chart.artifact) == ("registry.example.com/charts/web:1.0.0", True)
    assert rules("app.yaml", text) == ["mutable-tag"]


def test_what_a_set_of_applications_fills_in_is_no_finding() -> None:
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  template:\n    spec:\n"
        "      source:\n        kustomize:\n          images: ['a/b:{{ tag }}', 'c/d:1']\n"
        "        helm:\n          parameters:\n          - {name: image.tag, value: '{{ .sha }}'}\n"
        "          values: |\n            {{- if .x }}\n            image: e/f:{{ .tag }}\n"
        "            {{- end }}\n            sidecar: {image: 'g/h:1'}\n"
    )
    assert rules("set.yaml", text) == ["mutable-tag", "mutable-tag"]
    after = text.replace("c/d:1", "c/d:1@<docker.io/c/d:1>")
    assert sealed("set.yaml", text) == after.replace("g/h:1", "g/h:1@<docker.io/g/h:1>")


def test_names_with_thousands_of_parts_are_passed_over() -> None:
    rows = f"[{{name: {'a.' * 5000}image, value: 'x:1'}}]"
    assert texts("app.yaml", f"{HEAD}    helm: {{parameters: {rows}}}\n") == []


def test_overrides_are_read_like_the_source_of_an_application() -> None:
    text = (
        "kustomize: {images: [a=b/c:1, 'd:2']}\nhelm:\n  parameters:\n"
        "  - {name: image.repository, value: e/f}\n  - {name: image.tag, value: v3}\n"
    )
    assert texts(".argocd-source-web.yaml", text) == ["b/c:1", "d:2", "e/f:v3"]
    assert texts("argocd-source.yaml", "kustomize: {images: [a:1]}\n") == []
    assert problems(".argocd-source.yaml", "image: [")
