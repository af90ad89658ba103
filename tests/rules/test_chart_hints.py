"""Templates that are left out of the run over a chart could not have changed what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.source import Source, Tree
from boltseal.use import ImageUse
from boltseal_rules.helm import chart
from boltseal_rules.places import helm_values
from tests.tools import tree

VALUES = (
    'image: {repository: a/b, tag: v1, digest: ""}\n'
    "web: {image: {repository: a/b, tag: v1}}\n"
    'web2: {images: {app: {repository: c/d, tag: v2, digest: ""}}}\n'
)
HEADS = [
    ".",
    "$",
    "$x",
    "$.Values",
    ".Values",
    ".c.Values",
    ".Values.web",
    ".i",
    "(index .Values .k)",
]
STEPS = [
    "image",
    "web",
    "web2",
    "images",
    "app",
    "other",
    "tag",
    "digest",
    "Values",
    "AsMap",
    "Chart",
]
chains = st.builds(
    lambda head, steps: head.rstrip(".") + "".join(f".{step}" for step in steps) or ".",
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(STEPS), max_size=3),
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
    st.sampled_from(["include: x", "template:", "kind: range", '{{ "}}" }}', "{{ `{{` }}"]),
)
texts = st.lists(lines, max_size=4).map("\n".join)
defines = st.builds(
    '{{{{ define "{}" }}}}{}{{{{ end }}}}\n'.format, names, texts | st.sampled_from(STEPS)
)
files = st.builds("{}{}".format, st.lists(defines, max_size=2).map("".join), texts)
charts = st.fixed_dictionaries({"a": files, "b": files, "_h": files})


def told(templates: dict[str, str]) -> list[ImageUse]:
    around: Tree = tree(
        {
            "c/Chart.yaml": "name: c\n",
            **{f"c/templates/{name}.yaml": text for name, text in templates.items()},
        }
    )
    found = helm_values.find(Source("c/values.yaml", VALUES.encode(), around))
    assert found
    return list(found.uses)


@settings(deadline=None, max_examples=60)
@given(charts)
def test_nothing_that_matters_is_left_out(templates: dict[str, str]) -> None:
    found = told(templates)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chart, "readers", lambda it, *_, **__: it.files)
        patch.setattr(chart, "is_handed_on", lambda *_: False)
        every = told(templates)
    assert [it.spelling for it in found] == [it.spelling for it in every]
    assert [[str(r.span) for r in it.related] for it in found] == [
        [str(r.span) for r in it.related] for it in every
    ]
