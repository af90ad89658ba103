"""Real-looking files of every hard kind, before and after, byte for byte."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode, SequenceNode

from boltseal.edit import apply
from boltseal.engine import judge
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.seal import safety, seal
from tests.tools import KNOWLEDGE, digest, fixed, inspected, tree, update, uses

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(
    str(path.relative_to(GOLDEN / "before"))
    for path in (GOLDEN / "before").rglob("*")
    if path.is_file()
)


AROUND = tree({name: (GOLDEN / "before" / name).read_bytes() for name in FILES})


# Folders whose files are of a place that is asked only by name.
OPTED = {"embedded": ("embedded",)}


def opted(name: str) -> tuple[str, ...]:
    return OPTED.get(name.partition("/")[0], ())


def before(name: str) -> bytes:
    return (GOLDEN / "before" / name).read_bytes()


def after(name: str) -> bytes:
    return (GOLDEN / "after" / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_a_fix_gives_the_golden_bytes(name: str) -> None:
    assert fixed(name, before(name), AROUND, opted=opted(name)) == after(name)


@pytest.mark.parametrize("name", FILES)
def test_a_second_fix_changes_nothing(name: str) -> None:
    assert fixed(name, after(name), AROUND, opted=opted(name)) == after(name)


@pytest.mark.parametrize("name", FILES)
def test_after_a_fix_nothing_safe_is_left(name: str) -> None:
    left = [
        use.text
        for use in uses(name, after(name), AROUND, opted=opted(name))
        if safety(use) == "safe" and use.image and not use.image.is_pinned
    ]
    assert left == []


@pytest.mark.parametrize("name", FILES)
def test_an_update_writes_the_new_digests_and_nothing_else(name: str) -> None:
    found = inspected(name, after(name), AROUND, opted=opted(name))
    sealed = {use.image for use in found.uses if use.image and use.image.is_pinned}
    answers: dict[str, Outcome] = {
        image.canonical: Resolved(digest(f"new {image.canonical}"), "") for image in sealed
    }
    updated = update(found, answers, opted=opted(name))
    assert [finding for finding in updated.findings if finding.rule == "stale-digest"] == []
    expected = after(name)
    for image in sealed:
        if image.digest and image.tag:
            new = digest(f"new {image.canonical}")
            for old, put in ((image.digest, new), (image.digest[7:], new[7:])):
                expected = expected.replace(old.encode(), put.encode())
    assert updated.data == expected


@pytest.mark.parametrize("name", FILES)
def test_crlf_and_a_byte_order_mark_change_no_use(name: str) -> None:
    plain = before(name).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    expected = [(use.route, use.text) for use in uses(name, plain, AROUND, opted=opted(name))]
    for variant in (plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain):
        assert [
            (use.route, use.text) for use in uses(name, variant, AROUND, opted=opted(name))
        ] == expected


@pytest.mark.parametrize("name", FILES)
def test_each_digest_is_that_of_its_own_reference(name: str) -> None:
    for unsafe in (False, True):
        again = uses(
            name,
            fixed(name, before(name), AROUND, unsafe=unsafe, opted=opted(name)),
            AROUND,
            opted=opted(name),
        )
        for was, now in zip(
            uses(name, before(name), AROUND, opted=opted(name)), again, strict=True
        ):
            if was.image and now.image and was.image.digest != now.image.digest:
                assert now.image.digest == digest(was.image.canonical)
                assert now.image.name == was.image.name


YAML_FILES = [n for n in FILES if n.endswith((".yaml", ".yml")) and "templates" not in n]
DIGEST = re.compile(r"(:latest)?@?sha256:[0-9a-f]{64}|^[0-9a-f]{64}$")


@pytest.mark.parametrize("name", YAML_FILES)
def test_fixed_yaml_loads_to_the_same_data_but_for_references(name: str) -> None:
    assert _without_digests(load(before(name))) == _without_digests(load(after(name)))


def load(data: bytes) -> list[object]:
    text = data.decode("utf-8-sig")
    try:
        return list(_loader(pure=True).load_all(text))
    except YAMLError:  # the C parser takes tabs between tokens, the other one '{a: b:c}'
        return list(_loader(pure=False).load_all(text))


def _loader(*, pure: bool) -> YAML:
    """One that reads the tags of CI services (``!reference``) as what stands behind them."""
    yaml = YAML(typ="safe", pure=pure)
    yaml.constructor.add_constructor(None, _untagged)
    return yaml


def _untagged(constructor: Any, node: Any) -> object:
    if isinstance(node, ScalarNode):
        return constructor.construct_scalar(node)
    if isinstance(node, SequenceNode):
        return constructor.construct_sequence(node, deep=True)
    return constructor.construct_mapping(node, deep=True)


def _without_digests(node: object) -> object:
    if isinstance(node, dict):
        rest = {key: _without_digests(value) for key, value in node.items()}
        return {key: value for key, value in rest.items() if key != "digest" or value}
    if isinstance(node, list):
        return [_without_digests(item) for item in node]
    return DIGEST.sub("", "" if node is None else str(node))


@pytest.mark.parametrize(
    "name", ["chart/values.yaml", "chart/values-anchors.yaml", "traced-chart/values.yaml"]
)
def test_an_unsafe_fix_writes_the_digest_behind_the_tag_and_quotes_numbers(name: str) -> None:
    assert (
        fixed(name, before(name), AROUND, unsafe=True, opted=opted(name))
        == (GOLDEN / "unsafe" / name).read_bytes()
    )


@pytest.mark.parametrize("name", FILES)
def test_bytes_outside_the_edits_are_kept(name: str) -> None:
    data = before(name)
    edits = [
        edit
        for use in uses(name, data, AROUND, opted=opted(name))
        if use.image and not use.image.is_pinned and safety(use) == "safe"
        for edit in seal(use, digest(use.image.canonical)).edits
    ]
    assert apply(data, edits) == after(name)


@pytest.mark.parametrize("name", FILES)
def test_no_golden_file_has_an_unreadable_part(name: str) -> None:
    assert not [
        f
        for f in judge(KNOWLEDGE, inspected(name, before(name), AROUND, opted=opted(name)))
        if f.use is None
    ]
