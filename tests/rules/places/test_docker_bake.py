"""Bake files."""

from tests.tools import sealed, texts, tree


def test_what_a_build_makes_and_caches_is_no_use() -> None:
    text = (
        'target "a" {\n  tags = ["app:1"]\n  cache-from = ["type=registry,ref=app:cache"]\n'
        '  contexts = {\n    b = "target:b"\n    c = "docker-image://scratch"\n  }\n'
        '  args = { V = "docker-image:1" }\n}\n'
    )
    assert texts("docker-bake.hcl", text) == []


def test_an_argument_counts_where_the_dockerfile_is_based_on_it() -> None:
    text = (
        'target "base" {\n  args = {\n    BASE = "a:1"\n    OTHER = "b:1"\n  }\n}\n'
        'target "app" {\n  inherits = ["base"]\n  context = "app"\n}\n'
    )
    around = tree({"app/Dockerfile": "ARG BASE\nARG OTHER\nFROM ${BASE}\n"})
    assert texts("docker-bake.hcl", text, around) == ["a:1"]
    assert texts("docker-bake.hcl", text) == []


def test_an_inline_dockerfile_is_sealed_in_place() -> None:
    text = 'target "a" {\r\n  dockerfile-inline = <<EOT\r\nFROM a:1 AS é\r\nFROM é\r\nEOT\r\n}\r\n'
    assert sealed("docker-bake.hcl", text) == text.replace("a:1", "a:1@<docker.io/library/a:1>")


def test_json_is_read_too() -> None:
    text = '{"target": {"a": {"contexts": {"x": "docker-image://a:1"}}}}'
    assert sealed("docker-bake.json", text) == text.replace("a:1", "a:1@<docker.io/library/a:1>")


def test_a_variable_behind_a_scheme_in_a_longer_text_stays() -> None:
    text = (
        'variable "A" {\n  default = "a:1"\n}\ntarget "x" {\n  contexts = {\n'
        '    b = "docker-image://${A}"\n    c = "docker-image://://${A}"\n  }\n}\n'
    )
    assert sealed("docker-bake.hcl", text) == text
