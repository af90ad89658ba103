"""Chart.yaml."""

from tests.tools import rules, sealed, texts, uses

CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 1.4.2\n"


def test_a_chart_without_lists_names_nothing() -> None:
    text = f"{CHART}icon: https://example.com/image.png\ndependencies:\n- name: db\n"
    assert texts("web/Chart.yaml", f"{text}  repository: https://charts.example.com\n") == []
    assert texts("Chart.yaml", "annotations: {artifacthub.io/images: ''}\n") == []


def test_images_listed_for_artifact_hub_are_rewritten_in_their_block() -> None:
    text = (
        f"{CHART}annotations:\r\n  artifacthub.io/images: |\r\n    - name: é\r\n      image: a/b:1 # c\r\n"
        "      whitelisted: true\r\n\r\n    - {name: c, image: 'c/d:{{ .v }}'}\r\n"
        "    - image: \r\n    - text\r\n"
    )
    assert texts("Chart.yaml", text) == ["a/b:1", "c/d:{{ .v }}"]
    assert sealed("Chart.yaml", text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_a_list_on_one_line_with_escapes_is_found_and_left_alone() -> None:
    text = 'annotations:\n  artifacthub.io/images: "- name: a\\n  image: a/b:1\\n"\n'
    assert texts("Chart.yaml", text) == ["a/b:1"]
    assert sealed("Chart.yaml", text) == text


def test_dependencies_in_registries_are_listed_and_no_findings() -> None:
    text = (
        f"{CHART}dependencies:\n- name: db\n  version: ~1.0\n"
        "  repository: oci://registry.example.com/charts\n"
    )
    (use,) = uses("Chart.yaml", text)
    assert (use.text, use.artifact) == ("registry.example.com/charts/db:~1.0", True)
    assert rules("Chart.yaml", text) == []


def test_a_test_of_a_chart_is_a_template() -> None:
    text = (
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "{{ .Release.Name }}-test"\n  annotations:\n'
        '    "helm.sh/hook": test\nspec:\n  containers:\n    - name: wget\n      image: busybox\n'
    )
    (use,) = uses("web/templates/tests/test-connection.yaml", text)
    assert (use.place, use.text) == ("helm-template", "busybox")
