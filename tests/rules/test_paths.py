"""Paths: what can be written, and where they lead."""

import pytest

from boltseal.source import Source
from boltseal_rules.formats.yaml_tree import documents
from boltseal_rules.kubernetes.operator_paths import ROWS
from boltseal_rules.kubernetes.path_uses import Paths
from boltseal_rules.kubernetes.paths import PathError, compiled, find

TREE = "a: {b: [{image: x:1}, {image: y:1}], c: {image: z:1}, d.e/f: w:1}\n"


@pytest.mark.parametrize(
    ("path", "routes"),
    [
        ("a.b[*].image", ["a.b[0].image", "a.b[1].image"]),
        ("a.*.image", ["a.c.image"]),
        ("**.image", ["a.b[0].image", "a.b[1].image", "a.c.image"]),
        ('a["d.e/f"]', ["a.d.e/f"]),
        ("a.none.image", []),
    ],
)
def test_a_path_leads_where_it_says(path: str, routes: list[str]) -> None:
    (document,) = documents(Source("a.yaml", TREE.encode()), None)
    assert document.root is not None
    assert [hit.route for hit in find(compiled(path), document.root)] == routes


@pytest.mark.parametrize(
    "text", ["", ".", "a..b", ".a", "a.", "a[0]", "a.**", "a.{b}", "{a,b}.c", "a b"]
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(PathError):
        compiled(text)


def test_every_path_of_the_table_can_be_read() -> None:
    for row in ROWS:
        for name in Paths._fields:
            assert all(compiled(text) for text in getattr(row, name).split())


def test_aliases_cost_no_more_than_their_text() -> None:
    rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    text = "a0: &a0 {image: x:1}\n" + "\n".join(rows) + "\n"
    (document,) = documents(Source("a.yaml", text.encode()), None)
    assert document.root is not None
    assert len(list(find(compiled("**.image"), document.root))) == 1
