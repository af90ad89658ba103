"""What a chart's templates do with a tag decides whether a digest behind it is safe."""

import pytest

from boltseal.edit import Safety
from boltseal.seal import safety
from boltseal.source import Tree
from boltseal.use import ImageUse, Split
from tests.tools import result, sealed, tree, uses

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
    assert sealed("c/values.yaml", values, chart(IMAGE + "x: {{ .Values.image.digest }}\n")) == (
        values.replace("1.2", "1.2@<docker.io/acme/web:1.2>")
    )


BEHIND = "image: {{ .Values.image.repository }}@{{ .Values.image.digest }}\n"
BARE = BEHIND.replace("@", "@sha256:")


@pytest.mark.parametrize(
    ("template", "key"), [(BEHIND, "digest"), (BEHIND, "sha"), (BARE, "digest")]
)
def test_a_digest_key_is_filled_as_its_template_writes_it(template: str, key: str) -> None:
    values = VALUES + f'  {key}: ""\n'
    after = sealed("c/values.yaml", values, chart(template.replace(".digest", f".{key}")))
    assert after == values.replace('""', '"<docker.io/acme/web:1.2>"')
    raw = result("c/values.yaml", values, chart(template.replace(".digest", f".{key}"))).data
    assert (b'"sha256:' in raw) is (template is BEHIND)


def chart(template: str) -> Tree:
    return tree({"c/Chart.yaml": CHART, "c/templates/pod.yaml": template})


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


LABEL = "version: {{ .Values.image.tag }}"
LABELS = '{{ define "web.labels" }}' + LABEL + "{{ end }}\n"


@pytest.mark.parametrize(
    "template",
    [
        LABELS + '{{ include (printf "%s.labels" .Chart.Name) . }}',
        '{{ define "l" }}version: {{ (index . 0).Values.image.tag }}{{ end }}{{ include "l" (list $ 1) }}',
        LABELS + '{{ include "web.labels" (set (deepCopy .) "component" "w") }}',
        '{{ include "lib.labels" . }}',
        '{{ tpl (.Files.Get "x.yaml") . }}',
        "{{ range $k, $v := .Values.image }}\nl-{{ $k }}: {{ $v }}\n{{ end }}",
        '{{ range $n, $i := dict "web" .Values.image }}\n{{ $n }}: {{ $i.tag }}\n{{ end }}',
        "v: {{ index .Values.image $.Values.key }}",
        'env: "a:b,version:{{ .Values.image.tag }}"',
        'v: {{ printf "version:%s" .Values.image.tag }}',
        'v: {{ printf "%.63s" .Values.image.tag }}',
        'v: {{ printf "%[1]s" .Values.image.tag }}',
        "{{ $t := .Values.image.tag }}{{ range $t := .Values.tags }}{{ end }}\nv: {{ $t }}",
        "v: {{ .Values.AsMap.image.tag }}",
    ],
)
def test_no_way_into_a_label_is_called_safe(template: str) -> None:
    assert objection(f"{IMAGE}\n{template}\n") != ""


@pytest.mark.parametrize(
    "name", ["c/templates/x.json", "c/templates/_helpers", "c/templates/y.yaml"]
)
def test_every_template_counts_also_one_that_cannot_be_read(name: str) -> None:
    for text in ('{"v": "{{ .Values.image.tag }}"}', "{{ if .Values.x }}", "x" * 300_000):
        around = tree({"c/Chart.yaml": CHART, "c/templates/pod.yaml": IMAGE, name: text})
        assert safety(uses("c/values.yaml", VALUES, around)[0]) is Safety.UNSAFE


def test_a_schema_and_a_template_in_the_values_object() -> None:
    schema = '{"properties": {"image": {"properties": {"tag": {"pattern": "^[0-9.]+$"}}}}}'
    around = tree(
        {"c/Chart.yaml": CHART, "c/templates/p.yaml": IMAGE, "c/values.schema.json": schema}
    )
    assert safety(uses("c/values.yaml", VALUES, around)[0]) is Safety.UNSAFE
    values = VALUES + 'labels:\n  v: "{{ .Values.image.tag }}"\n'
    assert "template in the values" in objection(IMAGE, values=values)


def test_what_a_subchart_reads_of_the_global_values_counts() -> None:
    values = "global:\n  image:\n    repository: a/b\n    tag: v1\n"
    image = IMAGE.replace(".Values.image", ".Values.global.image")
    around = {"c/Chart.yaml": CHART, "c/templates/pod.yaml": image}
    assert safety(uses("c/values.yaml", values, tree(around))[0]) is Safety.SAFE
    below = {"c/charts/s/templates/l.yaml": "v: {{ .Values.global.image.tag }}\n"}
    assert safety(uses("c/values.yaml", values, tree({**around, **below}))[0]) is Safety.UNSAFE
    packed = {**around, "c/Chart.yaml": CHART + "dependencies:\n  - name: s\n"}
    assert safety(uses("c/values.yaml", values, tree(packed))[0]) is Safety.UNSAFE


def test_a_chart_that_reads_the_values_of_its_subchart_counts() -> None:
    around = {
        "c/Chart.yaml": CHART,
        "c/charts/s/Chart.yaml": CHART,
        "c/charts/s/templates/p.yaml": IMAGE,
    }
    path = "c/charts/s/values.yaml"
    assert safety(uses(path, VALUES, tree(around))[0]) is Safety.SAFE
    above = {"c/templates/l.yaml": "v: {{ .Values.s.image.tag }}\n"}
    assert safety(uses(path, VALUES, tree({**around, **above}))[0]) is Safety.UNSAFE


def test_text_that_doubles_itself_comes_to_an_end() -> None:
    doubling = "{{ $a := .Values.image.tag }}" + '{{ $a = printf "%s%s" $a $a }}' * 30
    assert safety(traced(f'{IMAGE}{doubling}\nimage: "a:{{{{ $a }}}}"\n')) is Safety.UNSAFE
