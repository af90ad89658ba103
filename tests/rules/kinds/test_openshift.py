"""Objects of OpenShift, and its templates."""

from tests.tools import rules, sealed, texts, uses

STREAM = (
    "apiVersion: image.openshift.io/v1\nkind: ImageStream\nspec:\n  tags:\n"
    "    - from: {kind: DockerImage, name: nginx:1.27}\n"
)
TRIGGERED = (
    "apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nspec:\n  triggers:\n"
    "    - imageChangeParams: {containerNames: [web], from: {kind: ImageStreamTag, name: 'web:1'}}\n"
    "  template: {spec: {containers: [{name: web, image: web:1}, {name: log, image: busybox:1}]}}\n"
)
BUILD = (
    "apiVersion: build.openshift.io/v1\nkind: BuildConfig\nspec:\n  source:\n    dockerfile: |\n"
    "      FROM golang:1.24 AS build\n      FROM alpine:3.22\n"
)


def test_tags_of_image_streams_and_what_a_build_pushes_are_no_uses() -> None:
    stream = STREAM.replace("DockerImage", "ImageStreamTag")
    assert texts("stream.yaml", stream) == []
    output = "  output: {to: {kind: DockerImage, name: registry.example.com/web:1}}\n"
    assert texts("build.yaml", BUILD + output) == ["golang:1.24", "alpine:3.22"]


def test_what_a_stream_imports_is_sealed() -> None:
    after = STREAM.replace("nginx:1.27", "nginx:1.27@<docker.io/library/nginx:1.27>")
    assert sealed("stream.yaml", STREAM) == after


def test_old_objects_have_no_group() -> None:
    assert texts("s.yaml", STREAM.replace("image.openshift.io/v1", "v1")) == ["nginx:1.27"]


def test_a_container_that_a_trigger_fills_in_is_judged_at_its_stream() -> None:
    assert rules("dc.yaml", TRIGGERED) == ["mutable-tag"]
    assert rules("dc.yaml", TRIGGERED.replace("[web]", "[]")) == ["mutable-tag"] * 2


def test_an_annotation_names_the_container_that_a_trigger_fills_in() -> None:
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations:\n"
        "    image.openshift.io/triggers: |-\n"
        '      [{"from":{"kind":"ImageStreamTag","name":"web:1"},'
        '"fieldPath": "spec.template.spec.containers[?(@.name==\\"web\\")].image"}]\n'
        "spec: {template: {spec: {containers: [{name: web, image: ' '}, {name: web, image: a:1}, "
        "{name: b, image: b:1}]}}}\n"
    )
    assert [use.text for use in uses("d.yaml", text) if use.reference] == ["b:1"]


def test_a_base_that_the_build_names_replaces_the_last_one() -> None:
    strategy = "  strategy: {dockerStrategy: {from: {kind: ImageStreamTag, name: 'base:1'}}}\n"
    assert texts("build.yaml", BUILD + strategy) == ["golang:1.24"]
    named = strategy.replace("ImageStreamTag", "DockerImage")
    assert texts("build.yaml", BUILD + named) == ["golang:1.24", "base:1"]


TEMPLATE = (
    "apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n"
    "- apiVersion: v1\n  kind: Pod\n  metadata: {name: '${NAME}'}\n"
    "  spec: {containers: [{image: '${IMAGE}'}]}\n"
    "parameters:\n- name: NAME\n  value: web\n- name: IMAGE\n  value: nginx:1.27 # c\n"
)


def test_a_parameter_that_is_an_image_is_sealed_where_it_is_written() -> None:
    after = TEMPLATE.replace("nginx:1.27", "nginx:1.27@<docker.io/library/nginx:1.27>")
    assert sealed("template.yaml", TEMPLATE) == after


def test_a_parameter_that_stands_elsewhere_too_is_not_rewritten() -> None:
    text = TEMPLATE.replace("'${NAME}'", "'${NAME}', labels: {image: '${IMAGE}'}")
    assert rules("template.yaml", text) == ["mutable-tag"]
    assert sealed("template.yaml", text) == text


def test_a_parameter_without_a_value_is_a_note() -> None:
    text = TEMPLATE.replace("nginx:1.27", "''")
    assert rules("template.yaml", text) == ["unresolvable-reference"]
    assert rules("template.yaml", TEMPLATE.replace("- name: IMAGE", "- name: OTHER")) == [
        "unresolvable-reference"
    ]


def test_a_part_of_an_image_is_judged_and_not_rewritten() -> None:
    text = TEMPLATE.replace("'${IMAGE}'", "'nginx:${IMAGE}'").replace("nginx:1.27", "1.27.1")
    assert rules("template.yaml", text) == ["mutable-tag"]
    assert sealed("template.yaml", text) == text
