"""Compose files."""

from tests.tools import rules, sealed, texts, uses


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


def test_each_image_of_an_inline_dockerfile_is_found_also_where_it_cannot_be_written() -> None:
    text = 'services: {a: {build: {dockerfile_inline: "FROM a:1\\nFROM b:1"}}}\n'
    assert texts("compose.yaml", text) == ["a:1", "b:1"]
    assert sealed("compose.yaml", text) == text


def test_an_inline_dockerfile_is_sealed_line_by_line() -> None:
    text = (
        "services:\r\n  a:\r\n    build:\r\n      dockerfile_inline: |\r\n"
        "        # é\r\n\r\n        FROM a:1 AS é\r\n          RUN x\r\n        FROM b:1\r\n"
    )
    after = text.replace("a:1", "a:1@<docker.io/library/a:1>")
    assert sealed("compose.yaml", text) == after.replace("b:1\r", "b:1@<docker.io/library/b:1>\r")


def test_thousands_of_stages_take_no_time() -> None:
    rows = "".join(f"        FROM x:{number}\n" for number in range(3000))
    text = "services:\n  a:\n    build:\n      dockerfile_inline: |\n" + rows
    assert len(uses("compose.yaml", text)) == 3000


def test_fragments_that_share_an_anchor_are_looked_at_once() -> None:
    items = ", ".join(["{image: 'x:1'}"] * 500)
    rows = "".join(f"x-{number}: *a\n" for number in range(2000))
    assert len(uses("compose.yaml", f"x-a: &a {{b: [{items}]}}\n{rows}")) == 500


def test_nothing_is_no_image() -> None:
    text = (
        "services: {a: {image: null}, b: {image: }, c: {image: ''}, d: {image: ~}, e: {image: 1}}\n"
    )
    assert texts("compose.yaml", text) == []


def test_an_empty_default_says_nothing_and_fails_nothing() -> None:
    assert rules("compose.yaml", "services: {a: {image: '${X:-}'}}\n") == ["unresolvable-reference"]


def test_only_the_chosen_default_is_written() -> None:
    text = "services:\n  a: {image: '${A:-${B:-é/x:1}}'}\n  b: {image: '${C:-a/b:1}'}\n"
    assert sealed("compose.yaml", text) == text.replace("a/b:1", "a/b:1@<docker.io/a/b:1>")


def test_a_bare_word_at_an_anchor_is_left_alone() -> None:
    text = "services:\n  a: {container_name: &n redis, image: *n }\n"
    assert texts("compose.yaml", text) == ["redis"]
    assert sealed("compose.yaml", text) == text


def test_a_service_may_state_its_platform() -> None:
    text = "services:\n  a: {image: 'a:1', platform: linux/arm64}\n  b: {image: 'b:1'}\n"
    assert [use.platform for use in uses("compose.yaml", text)] == ["linux/arm64", None]
