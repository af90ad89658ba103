"""Kubernetes objects: what is an image in them, and what only looks like one."""

import pytest

from tests.tools import texts, uses

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
        "spec: {build: {output: {image: 'registry.example.com/made:1'}}}",
        "spec: {containers: [{name: a, image: auto}]}",
        "spec: {containers: [{name: a, image: '*:latest'}]}",
        "spec: {containers: [{name: a, image: ''}]}",
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
