"""``.env`` beside Compose files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.engine import inspect
from boltseal.source import Source, Tree
from boltseal_rules.formats import env_file
from tests.tools import KNOWLEDGE, rules, sealed, texts, tree, uses

COMPOSE = "services:\n  web:\n    image: ${WEB}\n"
IMAGE = "WEB=nginx:1.27\n"


def around(compose: str = COMPOSE, env: str = IMAGE, folder: str = "") -> Tree:
    return tree({f"{folder}compose.yaml": compose, f"{folder}.env": env})


def test_a_file_alone_or_beside_something_else_holds_no_image() -> None:
    assert texts(".env", IMAGE) == []
    assert texts(".env", IMAGE, tree({"app.yaml": COMPOSE, "sub/compose.yaml": COMPOSE})) == []


def test_a_file_that_is_only_shaped_like_one_of_compose_keeps_its_note() -> None:
    files = tree({"app.yaml": COMPOSE, ".env": IMAGE})
    assert rules("app.yaml", COMPOSE, files) == ["unresolvable-reference"]


@pytest.mark.parametrize("name", ["prod.env", ".env.prod", "env", "x/../PROD.ENV"])
def test_a_file_of_variables_that_is_named_is_one_too(name: str) -> None:
    source = Source(name, IMAGE.encode(), around())
    assert [use.text for use in inspect(KNOWLEDGE, source, explicit=True).uses] == ["nginx:1.27"]


def test_a_variable_that_no_image_is_stays() -> None:
    env = "PORT=8080\nNAME=alpine:3\nTAG=1.27\n"
    compose = "services:\n  web:\n    image: nginx:${TAG}\n    container_name: ${NAME}\n"
    assert texts(".env", env, around(compose, env)) == []


def test_a_variable_that_is_an_image_is_sealed_where_it_is_set() -> None:
    files = around()
    assert sealed(".env", IMAGE, files) == "WEB=nginx:1.27@<docker.io/library/nginx:1.27>\n"
    (use,) = uses(".env", IMAGE, files)
    assert [it.source.path for it in use.related if it.source] == ["compose.yaml"]
    assert rules("compose.yaml", COMPOSE, files) == []


def test_folders_below_the_root_are_projects_of_their_own() -> None:
    files = around(folder="a/b/")
    assert texts("a/b/.env", IMAGE, files) == ["nginx:1.27"]
    assert rules("a/b/compose.yaml", COMPOSE, files) == []


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("WEB='a/b:1'  # c", "WEB='a/b:1@<docker.io/a/b:1>'  # c"),
        ('export WEB = "a/b:1"', 'export WEB = "a/b:1@<docker.io/a/b:1>"'),
        ("WEB=a/b:1 # c\r\nX=1\r", "WEB=a/b:1@<docker.io/a/b:1> # c\r\nX=1\r"),
        ("WEB=c:2\nWEB: a/b:1", "WEB=c:2\nWEB: a/b:1@<docker.io/a/b:1>"),
        ("WEB=a/b:1", "WEB=a/b:1@<docker.io/a/b:1>"),
    ],
)
def test_only_the_value_changes(line: str, fixed: str) -> None:
    assert sealed(".env", line, around(env=line)) == fixed


@pytest.mark.parametrize("value", ["", "$BASE:1", '"a\\tb"', "'a", "nginx"])
def test_what_is_put_together_or_empty_is_not_rewritten_where_it_may_be_wrong(value: str) -> None:
    env = f"WEB={value}\n"
    expected = ["implicit-latest"] if value == "nginx" else []
    assert rules(".env", env, around(env=env)) == expected


def test_a_variable_that_is_read_for_something_else_is_not_rewritten() -> None:
    compose = f"{COMPOSE}    environment: [IMAGE=$WEB]\n"
    files = around(compose)
    assert rules(".env", IMAGE, files) == ["mutable-tag"]
    assert sealed(".env", IMAGE, files) == IMAGE


def test_a_part_of_a_reference_makes_it_known_in_the_compose_file() -> None:
    compose = "services:\n  web:\n    image: nginx:${TAG}\n"
    files = around(compose, "TAG=1.27\n")
    assert rules("compose.yaml", compose, files) == ["mutable-tag"]
    assert sealed("compose.yaml", compose, files) == compose
    pinned = f"TAG=1.27@sha256:{'0' * 64}\n"
    assert rules("compose.yaml", compose, around(compose, pinned)) == []


def test_what_a_service_builds_is_no_image_of_a_registry() -> None:
    compose = f"{COMPOSE}    build: .\n"
    assert texts(".env", IMAGE, around(compose)) == []


def test_a_variable_that_is_not_set_stays_a_note() -> None:
    files = around(env="OTHER=1\n")
    assert rules("compose.yaml", COMPOSE, files) == ["unresolvable-reference"]


def test_a_broken_compose_file_is_reported_at_itself() -> None:
    assert rules(".env", IMAGE, around("services: {")) == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="WEB=:'\"# \t\r\n$x/1\\é", max_size=40))
def test_any_text_is_read_and_a_second_fix_changes_nothing(env: str) -> None:
    for setting in env_file.settings(env).values():
        assert setting.value in (None, env[setting.start : setting.end])
    once = sealed(".env", env, around(env=env))
    assert len(once) >= len(env)
