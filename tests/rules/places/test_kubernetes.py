"""Kubernetes objects: what is an image in them, and what only looks like one."""

import pytest

from tests.tools import problems, sealed, texts, uses

HEAD = "apiVersion: example.com/v1\nkind: Widget\n"


@pytest.mark.parametrize(
    "body",
    [
        "metadata: {annotations: {image: 'a/b:1'}}",
        "data: {image: 'a/b:1'}",
        "status: {containerStatuses: [{image: 'a/b:1', name: x}]}",
        "spec: {volumes: [{rbd: {image: foo, pool: p}}]}",
        "spec: {image: ubuntu-22.04}",
        "spec: {image: images/logo.png}",
        "spec: {image: projects/debian-cloud/global/images/debian-12}",
        "spec: {containers: [{env: [{name: IMAGE, value: 'a/b:1'}]}]}",
        "spec: {build: {output: {image: 'registry.example.com/made:1'}}}",
        "spec: {containers: [{name: a, image: auto}]}",
        "spec: {containers: [{name: a, image: 'ko://example.com/cmd/a'}]}",
        "spec: {containers: [{name: a, image: '*:latest'}]}",
        "spec: {containers: [{name: a, image: ''}]}",
        "spec: {containers: [{name: a, image: null}]}",
        "spec: {containers: [{name: a, image: ~}]}",
        "spec: {containers: [{name: a, image: 1.5}]}",
        "spec: {containers: [{name: a, image: true}]}",
        "spec: {containers: [{name: a, image: [x:1]}]}",
        "spec: {text: |\n   image: nginx:1\n }",
    ],
)
def test_what_only_looks_like_an_image_is_left_out(body: str) -> None:
    assert texts("a.yaml", HEAD + body + "\n") == []


def test_a_schema_is_no_object_with_images() -> None:
    text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {image: 'a:1'}\n"
    assert texts("crd.yaml", text) == []


def test_yaml_that_is_no_object_belongs_to_nobody() -> None:
    assert uses("other.yaml", "image: nginx:1.27\n") == []


@pytest.mark.parametrize(
    ("body", "text", "route"),
    [
        ("spec: {image: 'quay.io/a/b:1'}", "quay.io/a/b:1", "spec.image"),
        (
            "spec: {containers: [{env: [{name: RELATED_IMAGE_X, value: 'a/b:1'}]}]}",
            "a/b:1",
            "spec.containers[0].env[0].value",
        ),
        ("spec: {x: {y: [{name: a, image: redis, args: []}]}}", "redis", "spec.x.y[0].image"),
        (
            "spec: {volumes: [{image: {reference: 'a/b:1'}}]}",
            "a/b:1",
            "spec.volumes[0].image.reference",
        ),
        (
            "spec: {items: [{image: debian, tag: '9.1'}]}",
            "debian:9.1",
            "spec.items[0].image",
        ),
    ],
)
def test_images_are_found_wherever_they_stand(body: str, text: str, route: str) -> None:
    found = uses("a.yaml", HEAD + body + "\n")
    assert [(use.text, use.route) for use in found] == [(text, route)]


def test_an_anchor_with_aliases_is_one_use() -> None:
    body = "spec: {containers: [{name: a, image: &i nginx:1}, {name: b, image: *i }]}\n"
    assert len({use.span for use in uses("a.yaml", HEAD + body)}) == 1


def test_a_bomb_of_aliases_costs_no_more_than_its_text() -> None:
    rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    text = HEAD + "a0: &a0 {containers: [{name: a, image: nginx:1}]}\n" + "\n".join(rows) + "\n"
    assert texts("a.yaml", text) == ["nginx:1"]


POD = HEAD + "spec:\n  containers:\n"


def image(written: str) -> str:
    return f"{POD}  - name: a\n    image: {written}\n"


def test_a_name_that_is_also_the_image_is_not_sealed() -> None:
    text = POD + "  - name: &app nginx\n    image: *app\n"
    assert texts("a.yaml", text) == ["nginx"]
    assert sealed("a.yaml", text) == text


def test_an_anchor_that_holds_a_whole_reference_is_sealed_once() -> None:
    text = HEAD + "x: &i a/b:1\nspec: {containers: [{image: *i }, {image: *i }]}\n"
    assert sealed("a.yaml", text) == text.replace("b:1", "b:1@<docker.io/a/b:1>")


def test_an_alias_that_is_met_before_its_anchor_does_not_hide_it() -> None:
    text = HEAD + "a: {b: {image: &i nginx, args: []}}\nimage: *i\nargs: []\n"
    assert "&i nginx:latest@<" in sealed("a.yaml", text)


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("nginx # nginx", "nginx:latest@<D> # nginx"),
        ("&nginx 'nginx'", "&nginx 'nginx:latest@<D>'"),
        ("!!str &nginx nginx", "!!str &nginx nginx:latest@<D>"),
        ("> # nginx\n\n      nginx\n  # nginx", "> # nginx\n\n      nginx:latest@<D>\n  # nginx"),
        ('"nginx "', '"nginx:latest@<D> "'),
        ('&nginx "\\x6eginx"', '&nginx "\\x6eginx"'),
        ('"nginx\\n"', '"nginx\\n"'),
    ],
)
def test_the_digest_goes_behind_the_value_and_nowhere_else(written: str, after: str) -> None:
    meaning = "docker.io/library/nginx:latest"
    assert sealed("a.yaml", image(written)) == image(after.replace("<D>", f"<{meaning}>"))


def test_documents_behind_an_end_mark_are_read() -> None:
    assert texts("a.yaml", image("a:1") + "...\n" + image("b:1")) == ["a:1", "b:1"]


def test_objects_on_lines_of_their_own_are_no_json_and_said_to_be() -> None:
    line = '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "a:1"}]}}\n'
    assert texts("a.json", line) == ["a:1"]
    assert problems("a.json", line * 2)


def test_comments_of_a_template_do_not_hide_a_reference() -> None:
    text = image("x:1 {# pin me #}") + "  {% for x in y %}\n  - image: {{ x }}\n  {% endfor %}\n"
    assert "image: x:1@<docker.io/library/x:1> {# pin me #}\n" in sealed("a.yaml.j2", text)


def test_a_template_that_branches_is_not_broken_for_what_it_renders_to() -> None:
    text = image("x:1") + "  {% if a %}\n   - b\n  {% else %}\n c\n  {% endif %}\n"
    assert not problems("a.yaml.j2", text)
    assert texts("a.yaml.j2", text) == ["x:1"]
    assert sealed("a.yaml.j2", text) == text
    assert problems("a.yaml", image("x:1") + "  {{ x }}: [\n")


def test_a_template_that_names_an_image_in_its_actions_alone_is_nobodys() -> None:
    text = f'{HEAD}metadata:\n  labels:\n    {{{{- include "a.imagePullSecrets" . }}}}\n'
    assert not problems("files/a.yaml", text)
    assert texts("files/a.yaml", text) == []


def test_a_remark_behind_an_action_is_no_text() -> None:
    text = f"{HEAD}spec:\n  containers:\n    {{{{ $x := .y }}}} # why\n    - image: x:1\n"
    assert sealed("a.yaml", text) == text.replace("x:1", "x:1@<docker.io/library/x:1>")


def test_thousands_of_images_on_one_line_are_found_in_no_time() -> None:
    row = ",".join(f'{{"image":"a:{number}","args":[]}}' for number in range(5000))
    text = f'{{"apiVersion":"v1","kind":"Pod","é":0,"containers":[{row}]}}'
    found = uses("a.json", text)
    assert len({use.source.position(use.span.start) for use in found}) == 5000


def test_a_comment_before_a_value_ends_with_its_line_whatever_ends_that() -> None:
    for end in ("\n", "\r", "\r\n", "\u2028"):
        text = f"{HEAD}container:\n  image: !!str # not b:1{end}    b:1"
        assert sealed("a.yaml", text) == f"{text}@<docker.io/library/b:1>"


def test_the_word_null_in_quotes_is_a_name_beside_a_merged_tag() -> None:
    merged = "x: &m {image: a, tag: ''}\n"
    for name in ("'null'", "!!str null"):
        text = f"{HEAD}{merged}containers:\n  - image: {name}\n    <<: *m\n"
        assert "null" in texts("a.yaml", text)
        assert sealed("a.yaml", text) == text
