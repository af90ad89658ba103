"""The prefilters drop no use: what is skipped unread holds none, however it is written.

Known exceptions, all of them nobody's way to write: a schema of a custom resource with something behind
it that has no kind, in one document; a key with a capital in the middle of a word (``iMage``).
"""

import json
import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boltseal.source import ALONE, Source, Tree
from boltseal_rules.knowledge import PLACES, guides
from boltseal_rules.kubernetes.operator_paths import ROWS
from boltseal_rules.python import known
from tests.respelled import POD, RESPELLINGS, SCHEMA
from tests.test_golden import AROUND, FILES, before
from tests.test_properties import FILES as MADE
from tests.test_yaml_properties import files
from tests.tools import tree
from tests.unfiltered import Seen, compared

IMAGE = "registry.example.com/web:1.4.2"
EXAMPLES = [
    (example.path, example.text, tree(dict(example.beside)))
    for _, guide in guides()
    for example in guide.examples
]
YAML_EXAMPLES = [it for it in EXAMPLES if re.search(r"\.ya?ml$", it[0])]
YAML_FILES = [name for name in FILES if re.search(r"\.ya?ml$", name)]
THOROUGHLY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def dropped(path: str, data: str | bytes, around: Tree = ALONE) -> tuple[Seen, ...]:
    text = data.encode() if isinstance(data, str) else data
    return compared(PLACES, [Source(path, text, around)]).dropped


def lost_and_found(texts: Iterable[tuple[str, str, Tree]]) -> tuple[list[Seen], int]:
    """What the prefilters drop of several files, and how many uses there are in all."""
    found = compared(PLACES, [Source(path, text.encode(), it) for path, text, it in texts])
    return list(found.dropped), found.uses


def test_a_prefilter_that_drops_a_use_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boltseal.engine._may_hold", lambda _place, _data: False)
    assert [use.text for use in dropped("pod.yaml", POD)] == ["nginx:1.27"]


def test_none_of_the_golden_files() -> None:
    lost, found = lost_and_found((name, before(name).decode(), AROUND) for name in FILES)
    assert (lost, found > 300) == ([], True)


def test_none_of_the_examples() -> None:
    lost, found = lost_and_found(EXAMPLES)
    assert (lost, found >= len(EXAMPLES)) == ([], True)


@pytest.mark.parametrize("name", RESPELLINGS)
def test_none_of_the_examples_in_other_words(name: str) -> None:
    respelled = RESPELLINGS[name]
    lost, found = lost_and_found((path, respelled(text), it) for path, text, it in YAML_EXAMPLES)
    assert (lost, found > 20) == ([], True)


@THOROUGHLY
@given(
    st.sampled_from(YAML_FILES),
    st.lists(st.sampled_from(sorted(RESPELLINGS)), min_size=1, max_size=3),
)
def test_none_of_a_golden_file_in_other_words(name: str, respellings: list[str]) -> None:
    text = before(name).decode()
    for respelling in respellings:
        text = RESPELLINGS[respelling](text)
    assert dropped(name, text, AROUND) == ()


@THOROUGHLY
@given(st.one_of(files(), MADE))
def test_none_of_a_file_that_is_made_up(file: tuple[str, str | bytes]) -> None:
    assert dropped(*file) == ()


UNUSUAL = {
    "a list with a schema in it": (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apiextensions.k8s.io/v1\n"
        "  kind: CustomResourceDefinition\n- " + POD.replace("\n", "\n  ").rstrip() + "\n"
    ),
    "a schema without a mark behind it": SCHEMA + POD,
    "a schema without a mark before it": POD + SCHEMA,
    "a schema in a ConfigMap": (
        f"apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    kind: {SCHEMA[46:70]}\n---\n{POD}"
    ),
    "JSON on one line": (
        '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"nginx:1.27"}]}}'
    ),
    "merged keys": (
        "x: &x {image: 'nginx:1.27'}\napiVersion: v1\nkind: Pod\nspec: {containers: [<<: *x]}\n"
    ),
    "a key by its alias": (
        "a: &k image\napiVersion: v1\nkind: Pod\nspec: {containers: [{*k : 'nginx:1.27'}]}\n"
    ),
    "keys in capitals": "WEB:\n  IMAGE:\n    REPOSITORY: nginx\n    TAG: 1.27\n",
    "a key with a capital": "web: {Repository: nginx, Tag: 1.27}\n",
}


@pytest.mark.parametrize("case", UNUSUAL)
def test_none_of_what_is_unusual(case: str) -> None:
    names = ("a.yaml", "values.yaml", "templates/a.yaml")
    lost, found = lost_and_found((name, UNUSUAL[case], ALONE) for name in names)
    assert (lost, found > 0) == ([], True)


def nested(path: str, value: str) -> object:
    """What a path of the table of operators leads through, with ``value`` at its end."""
    node: object = value
    for step in reversed(re.findall(r"\{[^}]*\}|\[\*\]|[^.\[\]]+", path)):
        if step[0] == "{":
            node = dict.fromkeys(step[1:-1].split(","), value)
        else:
            node = [node] if step == "[*]" else {step: node}
    return node


@pytest.mark.parametrize("scheme", ["", "docker://", "oci://"])
def test_none_of_the_objects_of_operators(scheme: str) -> None:
    objects = [
        {"apiVersion": f"{row.group.replace('*', 'a')}/v1", "kind": kind, "metadata": {}}
        | {"x": 0, **nested(path, scheme + IMAGE)}  # type: ignore[dict-item]
        for row in ROWS
        for kind in row.kinds.replace("*", "A").split()
        for path in f"{row.images} {row.artifacts} {row.bases}".split()
    ]
    lost, found = lost_and_found(("a.json", json.dumps(it), ALONE) for it in objects)
    assert (lost, found > 200) == ([], True)


def calls() -> Iterator[str]:
    """Modules with each known call in them, called in the ways in which a module can."""
    for packages, name, slots in known._ROWS:
        for slot in slots.split():
            given = (
                f"'x', '{IMAGE}'"[5 * (slot == "0") :] if slot.isdigit() else f"{slot}='{IMAGE}'"
            )
            start = f"import {packages.partition('|')[0] or 'a'}\n"
            yield f"{start}{name}({given})\n"
            yield f"{start}f = {name}\n\ndef g():\n    return f({given})\n"
            yield f"{start}f, g = {name}, 1\nf({given})\n"
            yield f"{start}f: object = {name}\nf({given})\n"
            yield f"{start}if f := {name}:\n    f({given})\n"
            yield f"{start}from a import {name.partition('.')[0]} as f\nf.{name}({given})\n"
            yield f"{start}\nclass A({name}):\n    pass\n\ndef g():\n    return A({given})\n"
            yield f"{start}\ndef g(c):\n    def h():\n        c.{name}({given})\n    return h\n"


def test_none_of_the_calls_in_python() -> None:
    lost, found = lost_and_found(("a.py", text, ALONE) for text in calls())
    assert (lost, found > 500) == ([], True)
