"""YAML written inside a YAML scalar: where its parts stand in the file."""

import pytest

from boltseal.source import Source
from boltseal.use import Opaque, Split
from boltseal_rules.embedded_yaml import embedded_uses
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, documents
from boltseal_rules.helm.values import value_uses


def found(text: str) -> tuple[Source, list[tuple[bytes, bool]]]:
    source = Source("x.yaml", text.encode())
    (document,) = documents(source, None)
    assert isinstance(document.root, Mapping)
    scalar = document.root.get("v")
    assert isinstance(scalar, Scalar)
    inner = embedded_uses(source, "p", "v", scalar, value_uses)
    return source, [(source.slice(u.span), not isinstance(u.spelling, Opaque)) for u in inner]


@pytest.mark.parametrize(
    "text",
    [
        "v: |\n  image: a/b:1\n",
        "v: |2-\n    image: a/b:1",
        "v: &x |+\n  # é😀\n\n  image: a/b:1 # é\n\n",
        "é: ü\r\nv: |\r\n      image: a/b:1\r\nx: 1\r\n",
        "v: '  {image: a/b:1}'\n",
        'v: "image: a/b:1"\n',
        "v: >-\n  image: a/b:1\n",
    ],
)
def test_a_text_that_stands_line_by_line_can_be_written(text: str) -> None:
    assert found(text)[1] == [(b"a/b:1", True)]


@pytest.mark.parametrize(
    "text",
    [
        'v: "image: a/b:1\\n"\n',
        "v: >\n  x: 1\n\n  image: a:1\n",
    ],
)
def test_one_that_is_folded_or_escaped_is_shown_whole(text: str) -> None:
    ((_, writable),) = found(text)[1]
    assert not writable


def test_parts_in_keys_are_written_in_a_block_alone() -> None:
    keys = "image: {repository: a/b, tag: v1, digest: ''}"
    assert found(f"v: |\n  {keys}\n")[1] == [(b"v1", True)]
    assert found(f'v: "{keys}"\n')[1] == [(b"v1", False)]


def test_spans_of_slots_are_those_of_the_file() -> None:
    source = Source("x.yaml", b"v: |\n  image:\n    repository: a/b\n    tag: 7\n    digest: ~\n")
    (document,) = documents(source, None)
    assert isinstance(document.root, Mapping)
    scalar = document.root.get("v")
    assert isinstance(scalar, Scalar)
    (use,) = embedded_uses(source, "p", "v", scalar, value_uses)
    assert isinstance(use.spelling, Split)
    assert use.spelling.tag is not None
    assert use.spelling.digest is not None
    assert source.slice(use.spelling.tag.span) == b"7"
    assert source.slice(use.spelling.digest.span) == b"~"
    assert use.source is source
    assert use.route == "v.image.repository"
