"""Compose files."""

from tests.tools import texts


def test_what_is_built_here_is_not_pulled() -> None:
    text = "services:\n  a: {build: ., image: 'app:dev'}\n  b: {image: 'app:dev'}\n"
    assert texts("compose.yaml", text) == []


def test_a_build_that_is_merged_in_counts() -> None:
    text = "x-b: &b {build: .}\nservices:\n  a:\n    <<: *b\n    image: app:dev\n"
    assert texts("compose.yaml", text) == []


def test_a_file_of_another_name_is_known_by_its_shape() -> None:
    assert texts("stack.yml", "services:\n  a: {image: nginx}\n") == ["nginx"]
    assert texts("other.yml", "services:\n  - image: nginx\n") == []


def test_fragments_contexts_volumes_and_inline_dockerfiles_are_found() -> None:
    text = (
        "x-a:\n  image: a:1\n"
        "services:\n  s:\n    volumes: [{type: image, source: 'v:1'}]\n"
        "    build:\n      additional_contexts: {c: 'docker-image://c:1'}\n"
        "      dockerfile_inline: |\n        FROM d:1\n        RUN x\n"
    )
    assert texts("compose.yaml", text) == ["a:1", "v:1", "c:1", "d:1"]
