"""The keys of both configurations: what is refused, and that parser, schema and documents agree."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from boltseal import userconfig
from boltseal.configuration import keys
from boltseal.configuration.keys import CONFIG, parse
from boltseal.configuration.settings import Accepted, Config, CustomPlace, Policy, PythonNames
from boltseal.configuration.shape import (
    MOST,
    ByName,
    Choice,
    Flag,
    Key,
    Number,
    Rows,
    Table,
    Text,
    Texts,
)
from boltseal.errors import UsageError
from boltseal.finding import Severity
from boltseal.use import Requirement
from boltseal_rules.knowledge import place_names, refuse_unknown_names, rule_names

SCHEMAS = Path(__file__).parent.parent.parent / "docs" / "schema"
NAMES = {"rule": rule_names(), "place": place_names()}
TREE = Draft7Validator(json.loads((SCHEMAS / "boltseal.schema.json").read_text("utf-8")))
USER = Draft7Validator(json.loads((SCHEMAS / "user-config.schema.json").read_text("utf-8")))

EVERYTHING = """
include = ["*.tpl"]
exclude = ["vendor/"]
select = ["mutable-tag", "implicit-latest"]
ignore = ["unlocked-artifact"]
require-reasons = true
pragmas = ["hadolint", "zizmor"]
trusted-registries = ["*.example.com", "docker.io/library"]
untrusted-registries = ["registry.example.com:5000"]
enable-places = ["shell"]
disable-places = ["compose", "own"]

[severity]
mutable-tag = "error"
implicit-latest = "note"

[[policy]]
require = "tag"
images = ["nginx", "ghcr.io/example/**"]
registries = ["docker.io"]
places = ["own"]
paths = ["tests/", "!tests/a"]

[[policy]]
require = "any"

[[accept]]
reason = "known"
rules = ["mutable-tag"]
images = ["nginx"]
registries = ["docker.io"]
places = ["dockerfile"]
paths = ["a"]

[[place]]
name = "own"
files = ["p/**"]
kinds = ["example.com/Worker"]
images = ["a.b"]
not-images = ["c"]

[python]
calls = ["a.b:0"]
keywords = ["image"]
"""


def read(toml: str) -> Config:
    config = parse(tomllib.loads(toml), "boltseal.toml")
    refuse_unknown_names(config, "boltseal.toml")
    return config


def test_every_key_is_read() -> None:
    assert read(EVERYTHING) == Config(
        place=(CustomPlace("own", ("p/**",), ("example.com/Worker",), ("a.b",), ("c",)),),
        python=PythonNames(("a.b:0",), ("image",)),
        enable_places=("shell",),
        disable_places=("compose", "own"),
        include=("*.tpl",),
        exclude=("vendor/",),
        select=("mutable-tag", "implicit-latest"),
        ignore=("unlocked-artifact",),
        severity=(("mutable-tag", Severity.ERROR), ("implicit-latest", Severity.NOTE)),
        policy=(
            Policy(
                Requirement.TAG,
                ("nginx", "ghcr.io/example/**"),
                ("docker.io",),
                ("own",),
                ("tests/", "!tests/a"),
            ),
            Policy(Requirement.ANY),
        ),
        accept=(
            Accepted(
                "known", ("mutable-tag",), ("nginx",), ("docker.io",), ("dockerfile",), ("a",)
            ),
        ),
        require_reasons=True,
        pragmas=("hadolint", "zizmor"),
        trusted_registries=("*.example.com", "docker.io/library"),
        untrusted_registries=("registry.example.com:5000",),
    )
    TREE.validate(tomllib.loads(EVERYTHING))


def test_nothing_is_what_holds_without_a_file() -> None:
    assert read("") == Config()


def test_every_field_has_a_key() -> None:
    for table in (CONFIG, keys.POLICY, keys.ACCEPT, keys.PLACE, keys.PYTHON, userconfig.REGISTRIES):
        assert {key.field for key in table.keys} == set(table.make._fields)


@pytest.mark.parametrize("key", CONFIG.keys, ids=lambda key: key.name)
def test_a_misspelt_key_is_told_with_what_was_meant(key: Key) -> None:
    with pytest.raises(UsageError) as caught:
        parse({key.name[:-1]: []}, "a/boltseal.toml")
    said = f"a/boltseal.toml: unknown key '{key.name[:-1]}'; did you mean '{key.name}'?"
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (
            "select = ['mutabletag']",
            "select: unknown rule 'mutabletag'; did you mean 'mutable-tag'?",
        ),
        ("ignore = ['x']", "ignore: unknown rule 'x'; known: implicit-latest, "),
        ("severity = 'error'", "severity must be a table"),
        ("severity.mutable-tags = 'error'", "severity: unknown rule 'mutable-tags'; did you mean"),
        (
            "severity.mutable-tag = 'warn'",
            "severity.mutable-tag: unknown severity 'warn'; did you mean 'warning'?",
        ),
        ("severity.mutable-tag = 1", "severity.mutable-tag must be a string"),
        ("pragmas = ['hadolin']", "pragmas: unknown program 'hadolin'; did you mean 'hadolint'?"),
        ("require-reasons = 1", "require-reasons must be true or false"),
        ("disable-places = ['compos']", "disable-places: unknown place 'compos'; did you mean"),
        ("include = ['']", "include has an empty string in it"),
        ("include = ['[a']", "include: '[a': it matches nothing"),
        ("exclude = 'a'", "exclude must be an array of strings"),
        ("trusted-registries = ['https://a.b']", "trusted-registries: 'https://a.b': write it"),
        ("untrusted-registries = ['team']", "untrusted-registries: 'team': it must start with"),
        ("policy = []\n[accept]", "accept must be an array of tables, [[…]]"),
        ("[[policy]]\nimages = ['a']", "policy 1: 'require' is missing"),
        (
            "[[policy]]\nrequire = 'any'\n[[policy]]\nrequire = 'tags'",
            "policy 2: require: unknown requirement 'tags'; did you mean 'tag'?",
        ),
        (
            "[[policy]]\nrequire = 'tag'\nregistry = ['docker.io']",
            "policy 1: unknown key 'registry'; did you mean 'registries'?",
        ),
        ("[[policy]]\nrequire = 'tag'\nimages = []", "policy 1: images is empty: leave it out"),
        ("[[policy]]\nrequire = 'tag'\nimages = ['a:1']", "policy 1: images: 'a:1': write it"),
        ("[[policy]]\nrequire = 'tag'\npaths = ['#a']", "policy 1: paths: '#a': it is no glob"),
        (
            "[[policy]]\nrequire = 'tag'\nplaces = ['dockerfil']",
            "policy 1: places: unknown place 'dockerfil'; did you mean 'dockerfile'?",
        ),
        (
            "[[accept]]\nrules = ['mutable_tag']",
            "accept 1: rules: unknown rule 'mutable_tag'; did you mean 'mutable-tag'?",
        ),
        ("[[accept]]\nplaces = ['x']", "accept 1: places: unknown place 'x'; known: "),
        ("[[accept]]\nreason = ''", "accept 1: reason must be a string, not empty"),
        (
            "require-reasons = true\n[[accept]]\nreason = 'a'\n[[accept]]",
            "accept 2: 'reason' is missing, and require-reasons is set",
        ),
        ("python = 1", "python must be a table"),
        ("python.call = []", "python: unknown key 'call'; did you mean 'calls'?"),
        ("python.calls = 'a'", "python.calls must be an array of strings"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(toml: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(toml)
    assert str(caught.value).startswith(f"boltseal.toml: {said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "table",
    [
        {"x" * 100_000: 1},
        {"include": ["x" * 100_000]},
        {"pragmas": ["x" * 100_000]},
        {"select": ["x" * 900]},
        {"severity": {"x" * 100_000: "error"}},
        {"severity": {"x" * 900: "error"}},
        {"untrusted-registries": ["x" * 999]},
        {"include": ["a"] * (MOST + 1)},
        {"policy": [{"require": "any"}] * (MOST + 1)},
        {"severity": {f"a{n}": "error" for n in range(MOST + 1)}},
    ],
    ids=lambda table: next(iter(table))[:10],
)
def test_what_is_too_long_is_refused_briefly(table: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        refuse_unknown_names(parse(table, "boltseal.toml"), "boltseal.toml")
    assert len(str(caught.value)) < 500


# Parser and schema, held against one another: made-up tables that are mostly right.


def values(shape: Any) -> st.SearchStrategy[Any]:
    """What may stand there, and now and then what may not."""
    wrong = st.sampled_from(
        [0, 1.5, True, "", "other", "x" * (MOST + 1), [], [1], ["a"], {}, {"a": 1}]
    )
    return st.integers(0, 79).flatmap(lambda n: wrong if n == 0 else likely(shape))


def likely(shape: Any) -> st.SearchStrategy[Any]:
    match shape:
        case Text(values=words) if words:
            return st.sampled_from(words)
        case Text():
            return st.sampled_from(["a", "ä b", "x" * MOST])
        case Texts(item):
            return st.lists(values(item), max_size=3)
        case Flag():
            return st.booleans()
        case Number(low, high):
            return st.sampled_from([low - 1, low, high, high + 1, low + 0.5])
        case Choice(of=words):
            return st.sampled_from([*map(str, words)])
        case ByName(key, value):
            return st.dictionaries(values(key).filter(lambda k: isinstance(k, str)), values(value))
        case Table(fields):
            known = {key.name: values(key.shape) for key in fields}
            must = {key.name: known.pop(key.name) for key in fields if key.required}
            rare = st.integers(0, 39).map(lambda n: {"other": 1} if n == 0 else {})
            tables = st.fixed_dictionaries(must, optional=known)
            return st.builds(lambda one, other: {**one, **other}, tables, rare)
        case Rows(row):
            return st.lists(values(row), max_size=2)
    raise AssertionError(shape)


def unchecked(shape: Any) -> Any:
    """A shape without the checks that no schema has: what is a glob, a registry, a host, a path.

    The names of rules are all there are, as in the schema.
    """
    match shape:
        case Text(noun="rule"):
            return shape._replace(values=rule_names())
        case Text():
            return shape._replace(problem=None)
        case Texts():
            return shape._replace(item=unchecked(shape.item))
        case ByName():
            return ByName(unchecked(shape.key), unchecked(shape.value))
        case Table():
            fields = (key._replace(shape=unchecked(key.shape)) for key in shape.keys)
            return shape._replace(keys=tuple(fields))
        case Rows():
            return Rows(unchecked(shape.row))
    return shape


def is_taken(table: Table, value: object) -> bool:
    try:
        table.read(value, "a")
    except UsageError:
        return False
    return True


OWN, REGISTRIES = unchecked(CONFIG), unchecked(userconfig.REGISTRIES)
SLOW = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(likely(OWN))
def test_the_schema_takes_what_the_parser_takes(table: dict[str, Any]) -> None:
    taken = is_taken(OWN, table)
    if taken:
        config = OWN.read(table, "a")
        taken = not config.require_reasons or all(row.reason for row in config.accept)
    event(f"taken: {taken}")
    assert TREE.is_valid(table) == taken


@SLOW
@given(likely(REGISTRIES))
def test_the_schema_of_the_users_file_takes_what_the_parser_takes(table: dict[str, Any]) -> None:
    assert USER.is_valid({"registries": table}) == is_taken(REGISTRIES, table)


@SLOW
@given(likely(OWN))
def test_what_was_read_can_be_written_and_read_again(table: dict[str, Any]) -> None:
    if is_taken(OWN, table):
        config = OWN.read(table, "a")
        assert OWN.read(OWN.write(config), "a") == config


def test_the_schemas_are_schemas() -> None:
    for validator in (TREE, USER):
        Draft7Validator.check_schema(validator.schema)
    assert keys.schema(NAMES) == TREE.schema
    assert userconfig.schema() == USER.schema
