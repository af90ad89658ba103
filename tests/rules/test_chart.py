"""What a chart's templates do with a tag decides whether a digest behind it is safe."""

import pytest

from boltseal.edit import Safety
from boltseal.seal import safety
from boltseal.use import ImageUse, Split
from tests.tools import sealed, tree, uses

VALUES = 'image:\n  repository: acme/web\n  tag: "1.2"\n'
CHART = "apiVersion: v2\nname: web\n"
IMAGE = 'image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n'


def traced(template: str, *, values: str = VALUES, **files: str) -> ImageUse:
    others = {f"c/templates/{name}.tpl": text for name, text in files.items()}
    around = tree({"c/Chart.yaml": CHART, "c/templates/pod.yaml": template, **others})
    return uses("c/values.yaml", values, around)[0]


def objection(template: str, *, values: str = VALUES, **files: str) -> str:
    use = traced(template, values=values, **files)
    assert isinstance(use.spelling, Split)
    assert safety(use) is Safety.UNSAFE
    return use.spelling.objection


SAFE = [
    IMAGE,
    "image: {{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\n",
    "image: {{ $.Values.image.repository }}:{{ (.Values.image).tag | toString }}\n",
    '{{ with .Values.image }}\nimage: {{ printf "%s:%v" .repository .tag }}\n{{ end }}\n',
    "{{- $i := .Values.image -}}\nimage: {{ $i.repository }}:{{ $i.tag }}\n",
    '{{- $t := .Chart.AppVersion }}{{ if .Values.image.tag }}{{ $t = .Values.image.tag }}{{ end }}\nimage: "x/y:{{ $t }}"\n',
    "args:\n  - --reloader={{ .Values.image.repository }}:{{ .Values.image.tag }}\n",
    "image: {{ .Values.image.repository }}{{ if .Values.image.tag }}:{{ .Values.image.tag }}{{ end }}\n",
    IMAGE + "# was {{ .Values.image.tag }}\n{{/* and {{ .Values.image.tag }} */}}\n",
    IMAGE + "{{ if not .Values.image.tag }}{{ fail .Values.image.tag }}{{ end }}\n",
    IMAGE + "pullPolicy: {{ .Values.image.pullPolicy }}\nsum: {{ .Values | toYaml | sha256sum }}\n",
    'image: {{ index .Values "image" "repository" }}:{{ get .Values.image "tag" }}\n',
    "image: {{ .Values.image.repository }}:{{ .Values.image.tag }}{{ with .Values.image.digest }}@{{ . }}{{ end }}\n",
]


@pytest.mark.parametrize("template", SAFE)
def test_a_tag_that_is_only_in_image_strings_takes_a_digest(template: str) -> None:
    use = traced(template)
    assert safety(use) is Safety.SAFE
    assert [place.label for place in use.related] == ["a template reads the tag"]


UNSAFE = [
    ("app.kubernetes.io/version: {{ .Values.image.tag | quote }}\n", "'app.kubernetes.io/version'"),
    ('{{ if semverCompare ">=1.0" .Values.image.tag }}x{{ end }}\n', "'semverCompare' reads it"),
    ('{{ if eq .Values.image.tag "latest" }}policy: Always{{ end }}\n', "'eq' reads it"),
    ("version: {{ .Values.image.tag | trunc 63 }}\n", "'trunc' reads it"),
    ('x: {{ .Values.image.tag | replace ":" "-" }}\n', "'replace' reads it"),
    ("spec: {{ toYaml .Values.image | nindent 2 }}\n", "'spec' takes it"),
    ("env: {{ .Values.image.tag }}\n", "'env' takes it"),
    ("image: {{ .Values.image.repository }}:{{ .Values.image.tag }}-debug\n", "text is put behind"),
    ('x: {{ include "lib.image" .Values.image }}\n', "'lib.image', which is not in this chart"),
    ('x: {{ include "lib.i" (dict "image" .Values.image) }}\n', "'lib.i', which is not in this"),
    ("{{ $x := merge .Values.image .Values.other }}\n", "merged with other values"),
]


@pytest.mark.parametrize(("template", "reason"), UNSAFE)
def test_what_else_reads_the_tag_is_named_with_its_line(template: str, reason: str) -> None:
    said = objection(f"{IMAGE}\n{template}")
    assert reason in said
    assert "c/templates/pod.yaml:" in said


def test_a_helper_is_followed_from_where_it_is_included() -> None:
    helper = '{{- define "img" -}}\n{{ .repository }}:{{ .tag }}\n{{- end -}}\n'
    use = traced('image: {{ include "img" .Values.image | quote }}\n', helper=helper)
    assert safety(use) is Safety.SAFE
    assert use.related[0].source
    assert use.related[0].source.path == "c/templates/helper.tpl"
    labels = '{{ define "labels" }}version: {{ .Values.image.tag }}{{ end }}\n'
    assert "'version' takes it" in objection(IMAGE + '{{ include "labels" . }}\n', labels=labels)


def test_a_dictionary_carries_values_into_a_helper() -> None:
    helper = '{{ define "img" }}{{ .i.repository }}:{{ .i.tag | default .root.Chart.AppVersion }}{{ end }}'
    template = 'image: {{ include "img" (dict "i" .Values.image "root" $) }}\n'
    assert safety(traced(template, helper=helper)) is Safety.SAFE


def test_without_a_chart_or_a_reader_nothing_is_known() -> None:
    assert safety(uses("values.yaml", VALUES)[0]) is Safety.UNSAFE
    assert objection("kind: {{ .Values.kind }}\n") == ""
    assert objection('image: "{{ .Values.image.tag\n') == ""


def test_a_digest_key_that_no_template_reads_is_not_filled() -> None:
    values = VALUES + '  digest: ""\n'
    around = tree({"c/Chart.yaml": CHART, "c/templates/pod.yaml": IMAGE})
    assert sealed("c/values.yaml", values, around) == values.replace(
        "1.2", "1.2@<docker.io/acme/web:1.2>"
    )
    read = tree(
        {"c/Chart.yaml": CHART, "c/templates/pod.yaml": f"{IMAGE}x: {{{{ .Values.image.digest }}}}"}
    )
    assert sealed("c/values.yaml", values, read) == values.replace(
        '""', '"<docker.io/acme/web:1.2>"'
    )


def test_the_values_of_a_subchart_are_read_by_its_templates() -> None:
    around = tree({"c/Chart.yaml": CHART, "c/charts/db/templates/pod.yaml": IMAGE})
    values = "db:\n  image:\n    repository: acme/db\n    tag: v1\n"
    assert safety(uses("c/values.yaml", values, around)[0]) is Safety.SAFE


def test_values_for_tests_belong_to_the_chart_above_them() -> None:
    around = tree({"c/Chart.yaml": CHART, "c/templates/pod.yaml": IMAGE})
    assert safety(uses("c/ci/test-values.yaml", VALUES, around)[0]) is Safety.SAFE


def test_every_item_of_a_list_is_read_in_a_range() -> None:
    template = (
        "{{ range .Values.jobs }}\nimage: {{ .image.repository }}:{{ .image.tag }}\n{{ end }}"
    )
    values = "jobs:\n  - image:\n      repository: a/b\n      tag: v1\n"
    assert safety(traced(template, values=values)) is Safety.SAFE


def test_a_template_that_includes_itself_comes_to_an_end() -> None:
    helper = '{{ define "a" }}{{ include "a" . }}{{ include "b" (dict "x" .) }}{{ end }}'
    more = '{{ define "b" }}{{ include "a" (dict "y" .) }}{{ end }}'
    assert safety(traced(IMAGE + '{{ include "a" .Values.image }}\n', a=helper, b=more))


def test_what_the_installer_is_told_is_read_by_nothing() -> None:
    around = tree(
        {
            "c/Chart.yaml": CHART,
            "c/templates/pod.yaml": IMAGE,
            "c/templates/NOTES.txt": "Installed {{ .Values.image.tag }}",
        }
    )
    assert safety(uses("c/values.yaml", VALUES, around)[0]) is Safety.SAFE
