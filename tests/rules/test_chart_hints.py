"""Templates that are left out of the run over a chart could not have changed what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.source import Source, Tree
from boltseal.use import ImageUse
from boltseal_rules.helm import chart
from boltseal_rules.helm.hints import is_handed_on, readers
from boltseal_rules.helm.templates import Templates
from boltseal_rules.places import helm_values
from tests.tools import tree

SLOTS = (
    'image: {repository: a/b, tag: v1, digest: ""}\n'
    'web: {image: {repository: c/d, tag: v2, digest: ""}}\n'
)
VALUES = (
    'image: {repository: a/b, tag: v1, digest: ""}\n'
    "web: {image: {repository: a/b, tag: v1}}\n"
    'web2: {images: {app: {repository: c/d, tag: v2, digest: ""}}}\n'
)
HEADS = [
    *(".Values.image", "$.Values.web.image", ".Values.web2.images.app", ".c.Values.image", ".i"),
    *("$x", ".", "$", ".Values", "$.Values.other", ".Values.web", "(index .Values .k)"),
]
STEPS = ["image", "web", "tag", "digest", "other", "Values", "app", "AsMap"]
chains = st.builds(
    lambda head, steps: (
        (head if not steps else head.rstrip(".")) + "".join(f".{it}" for it in steps)
    ),
    st.sampled_from(HEADS),
    st.sampled_from([(), (), ("tag",), ("tag",), ("digest",), ("image",), ("image", "tag")])
    | st.lists(st.sampled_from(STEPS), max_size=2),
)
names = st.sampled_from(["a", "b", "lib", "key"])
values = st.one_of(
    chains,
    st.builds('(dict "i" {} "c" $)'.format, chains),
    st.builds('(dict "{}" {})'.format, st.sampled_from(STEPS), chains),
    st.builds("(list {} {})".format, chains, chains),
    st.builds("(default {} {})".format, chains, chains),
    st.builds('(include "{}" {})'.format, names, chains),
    st.builds('(index {} "{}")'.format, chains, st.sampled_from(STEPS)),
    st.builds("(index {} {})".format, chains, chains),
    st.builds('(get {} (include "key" .))'.format, chains),
    st.builds('(dig "{}" "{}" "" {})'.format, *[st.sampled_from(STEPS)] * 2, chains),
    st.builds("(.Files.Get {})".format, chains),
    st.builds("(until 3 | fromYaml {})".format, chains),
)
lines = st.one_of(
    st.builds('image: "{{{{ {}.repository }}}}:{{{{ {}.tag }}}}"'.format, chains, chains),
    st.builds("image: x@{{{{ {} }}}}".format, chains),
    st.builds("label: {{{{ {} | quote }}}}".format, values),
    st.builds("{{{{ $x := {} }}}}".format, values),
    st.builds("{{{{ $x = {} }}}}".format, values),
    st.builds("{{{{ with {} }}}}l: {{{{ .tag }}}}{{{{ end }}}}".format, values),
    st.builds("{{{{ range {} }}}}l: {{{{ .tag }}}}@{{{{ . }}}}{{{{ end }}}}".format, values),
    st.builds("{{{{ range $k, $x := {} }}}}l: x@{{{{ $x }}}}{{{{ end }}}}".format, values),
    st.builds('{{{{ include "{}" {} }}}}'.format, names, values),
    st.builds('{{{{ include (printf "%s" "{}") {} }}}}'.format, names, values),
    st.builds('{{{{ include (print $.Template.BasePath "/{}.yaml") . }}}}'.format, names),
    st.builds("{{{{/* {} }}}} */}}}}".format, values),
    st.builds('{{{{ printf "}}}}" | default {} }}}}'.format, values),
    st.sampled_from(
        [
            '{{ include "far" $ }}',
            '{{ include "far" (dict "i" .Values.image "c" $) }}',
            'image: x@{{ index .Values.image "digest" }}',
            "image: x@sha256:{{ .Values.web.image.digest }}",
            "{{ range $k, $v := .Values.image }}x@{{ $v }}{{ end }}",
        ]
    ),
    st.sampled_from(["include: x", "template:", "kind: range", '{{ "}}" }}', "{{ `{{` }}"]),
)
texts = st.lists(lines, max_size=4).map("\n".join)
defines = st.builds(
    '{{{{ define "{}" }}}}{}{{{{ end }}}}\n'.format, names, texts | st.sampled_from(STEPS)
)
files = st.builds("{}{}".format, st.lists(defines, max_size=2).map("".join), texts)
charts = st.fixed_dictionaries({"a": files, "b": files, "_h": files})


def told(templates: dict[str, str], values: str) -> list[ImageUse]:
    around: Tree = tree(
        {
            "c/Chart.yaml": "name: c\n",
            **{f"c/templates/{name}.yaml": text for name, text in templates.items()},
        }
    )
    found = helm_values.find(Source("c/values.yaml", values.encode(), around))
    assert found
    return list(found.uses)


@settings(deadline=None, max_examples=60)
@given(charts, st.sampled_from([VALUES, SLOTS]))
def test_nothing_that_matters_is_left_out(templates: dict[str, str], images: str) -> None:
    found = told(templates, images)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chart, "readers", lambda it, *_, **__: it.files)
        patch.setattr(chart, "is_handed_on", lambda *_: False)
        every = told(templates, images)
    assert [it.spelling for it in found] == [it.spelling for it in every]
    assert [[str(r.span) for r in it.related] for it in found] == [
        [str(r.span) for r in it.related] for it in every
    ]


def left(*files: str, only_digests: bool = False) -> list[str]:
    """The files that are left to be run, of which the images stand at ``web.image``."""
    sources = [Source(f"{at}", text.encode()) for at, text in enumerate(files)]
    found = readers(Templates(sources), ["web", "image"], only_digests=only_digests)
    return [it.path for it in found]


IMAGE_OF_DOT = '{{ define "img" }}{{ .tag }}{{ end }}'


@pytest.mark.parametrize(
    "files",
    [
        ("{{ .Values.web.image.tag }}",),
        ("{{ (.Values.web.image).imageTag }}",),
        ("{{ with .Values.web.image }}{{ .Tag }}{{ end }}",),
        ('{{ include "img" .Values.web.image }}', IMAGE_OF_DOT),
        ("{{ template `img` .Values.web.image }}", IMAGE_OF_DOT),
        ('{{ include (printf "%s" .x) .Values.web.image }}', IMAGE_OF_DOT),
        ('{{ include (print $.Template.BasePath "1") .Values.web.image }}', "{{ .tag }}"),
        (
            '{{ include "of" (dict "git" .Values.web.image) }}{{ define "of" }}{{ .git.tag }}{{ end }}',
        ),
        ("{{ range .Values.web.image }}{{ end }}",),
        ("{{ range $k, $v := .Values.web }}{{ end }}",),
        ("{{ $x := .Values.web }}{{ $y := $x.image }}{{ range $y }}{{ end }}",),
        ('{{ index .Values.web "image" "tag" }}',),
        ('{{ printf "}}" | default (get .Values.web.image "tag") }}',),
        ('{{ dig "image" "tag" "" .Values.web }}',),
        ("{{ range . }}{{ end }}",),
        ("{{ quote.Values.web.image.tag }}",),
    ],
)
def test_what_may_read_a_tag_is_run(files: tuple[str, ...]) -> None:
    assert left(*files)[:1] == ["0"]


@pytest.mark.parametrize(
    "files",
    [
        ("{{ .Values.git.tag }}",),
        ("{{ .Chart.Version }} and version .tag",),
        ("{{/* .Values.web.image.tag */}}",),
        ("{{ range .Values.hosts }}{{ end }}",),
        ("{{ $x := .Values.hosts }}{{ range $i, $y := $x }}{{ index $y 0 }}{{ end }}",),
        ("{{ range until (int .Values.web.replicas) }}{{ end }}",),
        ("range of {{ .Values.web.image }} get",),
        (
            '{{ include "img" .Values.web.image }}',
            '{{ define "img" }}{{ .x }}{{ end }}{{ .Values.git.tag }}',
        ),
    ],
)
def test_what_reads_no_tag_is_not_run(files: tuple[str, ...]) -> None:
    assert left(*files) == []


def test_only_digests_are_looked_for_where_nothing_else_matters() -> None:
    files = ("{{ .Values.web.image.tag }}{{ range . }}{{ end }}", "{{ .Values.web.image.digest }}")
    assert left(*files) == ["0", "1"]
    assert left(*files, only_digests=True) == ["1"]
    assert left('{{ get .Values.web.image "digest" }}', only_digests=True) == ["0"]


@pytest.mark.parametrize(
    ("text", "handed"),
    [
        ('{{ include "lib.x" $ }}', True),
        ('{{ include "lib.x" (dict "value" .Values.x "context" $) }}', True),
        ('{{ include "mine" $ }}{{ define "mine" }}{{ end }}', False),
        ('{{/* include "lib.x" $ */}}', False),
        ('{{ include "lib.x" $.Values.x }}', False),
        ('{{ include "lib.x" (dict "value" (tpl .x $ )) }}', False),
        ('{{ tpl `include "lib.x" $` . }}', False),
        ('{{ include "lib.x" (dict "value" "context" $) }}', False),
        ('{{ define "mine" }}{{ include "lib.x" $ }}{{ end }}', False),
    ],
)
def test_all_values_are_handed_on(text: str, handed: bool) -> None:
    assert is_handed_on(Templates([Source("t", text.encode())]), ["t"]) is handed
