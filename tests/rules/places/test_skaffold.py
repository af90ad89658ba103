"""Skaffold files."""

from boltseal.engine import inspect
from boltseal.source import Source
from tests.tools import KNOWLEDGE, sealed, texts, tree

HEAD = "apiVersion: skaffold/v4beta11\nkind: Config\n"


def test_what_is_built_is_not_pulled() -> None:
    text = (
        HEAD + "build:\n  artifacts:\n  - image: app\n    docker: {cacheFrom: [x:1]}\n"
        "    requires: [{image: base, alias: BASE}]\n  - image: base\n"
        "verify:\n- name: t\n  container: {name: t, image: app}\n"
        "deploy:\n  helm:\n    releases: [{name: x, setValues: {image: y:1}}]\n"
    )
    assert texts("skaffold.yaml", text) == []


def test_builders_bases_and_containers_are_found() -> None:
    text = (
        HEAD + "build:\n  artifacts:\n"
        "  - {image: a, buildpacks: {builder: 'b:1', runImage: 'b:2'}}\n"
        "  - {image: b, ko: {fromImage: 'k:1'}}\n  - {image: c, jib: {fromImage: 'j:1'}}\n"
        "  - {image: d, kaniko: {image: 'ka:1', initImage: 'ka:2'}}\n"
        "customActions:\n- name: x\n  containers: [{name: y, image: 'c:1'}]\n"
        "verify:\n- name: t\n  container: {name: t, image: 'v:1'}\n"
        "profiles:\n- name: p\n  build: {artifacts: [{image: a, ko: {fromImage: 'p:1'}}]}\n"
    )
    expected = ["b:1", "b:2", "k:1", "j:1", "ka:1", "ka:2", "c:1", "v:1", "p:1"]
    assert texts("skaffold.yaml", text) == expected
    assert texts("dev/other.yml", text) == expected


def test_a_build_argument_is_an_image_where_a_from_names_it_alone() -> None:
    text = (
        HEAD + "build:\n  artifacts:\n  - image: a\n    context: app\n"
        "    docker:\n      buildArgs:\n        BASE: a/b:1\n        V: '3'\n"
    )
    around = tree({"app/Dockerfile": "ARG BASE\nARG V\nFROM $BASE\nRUN echo $V\n"})
    assert texts("skaffold.yaml", text, around) == ["a/b:1"]
    assert sealed("skaffold.yaml", text, around) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")
    assert texts("skaffold.yaml", text) == []


def test_a_file_that_is_named_is_one_whatever_it_is_called() -> None:
    text = HEAD + "build:\n  artifacts:\n  - {image: b, ko: {fromImage: 'k:1'}}\n"
    source = Source("skaffold.yaml.orig", text.encode())
    assert [use.text for use in inspect(KNOWLEDGE, source, explicit=True).uses] == ["k:1"]
