from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from boltseal.source import Source, Unparsable
from boltseal_rules.formats import yaml_events, yaml_tree
from boltseal_rules.formats.yaml_stream import is_all_schemas
from boltseal_rules.formats.yaml_tree import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    documents,
    sites,
    verbatim,
)


def source(text: str | bytes) -> Source:
    return Source("f.yaml", text.encode() if isinstance(text, str) else text)


def root(text: str | bytes) -> Node | None:
    (document,) = documents(source(text))
    assert document.problem is None
    return document.root


def value(text: str, key: str = "image") -> Scalar:
    """The scalar under a key of the only mapping in a text."""
    tree = root(text)
    assert isinstance(tree, Mapping)
    found = tree.get(key)
    assert isinstance(found, Scalar)
    return found


def standing(text: str, key: str = "image") -> str | None:
    """The very bytes of a value in the file."""
    span = verbatim(source(text), value(text, key))
    return source(text).slice(span).decode() if span else None


def data(node: Node | None) -> object:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [data(item) for item in node.items]
    return [(data(key), data(item)) for key, item in node.entries] if node else None


@pytest.fixture(params=["fast", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers: what the C parser refuses, and every machine without it, reads the other way."""
    if request.param == "pure":
        monkeypatch.setattr(yaml_events, "fast_events", yaml_events.pure_events)
    return str(request.param)


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("image: x:1\n", "x:1"),
        ("image:   x:1   # x:1\n", "x:1"),
        ("image: 'x:1'\n", "x:1"),
        ('image: "x:1"\n', "x:1"),
        ("image: &a x:1\n", "x:1"),
        ("image: !!str x:1\n", "x:1"),
        ("image: &x !!str 'x'\n", "x"),
        ("image: &x # x\n  x\n", "x"),
        ("image:\n  x:1\n", "x:1"),
        ("image: >- # x:1\n\n  x:1\n# x:1\n", "x:1"),
        ("image: |2+\n    x:1\n\n", "x:1"),
        ("{image: x}", "x"),
        ("{'image':'x'}", "x"),
        ("image: 'é😀x'", "é😀x"),
        ("image: ' x '", "x"),
        ("image: '\n  x:1'", "x:1"),
        ("image: x:1\r\n", "x:1"),
        ("\ufeffimage: x:1", "x:1"),
        # The value stands nowhere letter by letter.
        ('image: "\\x78"\n', None),
        ('image: &x "\\x78"\n', None),
        ('image: "n\\n"\n', None),
        ("image: 'it''s'\n", None),
        ("image: x\n  y\n", None),
        ("image: >\n  x\n  y\n", None),
        ("image: |\n  x\n  y\n", None),
        ("image: ''\n", None),
        ("image:\n", None),
    ],
)
def test_where_a_value_stands(parser: str, text: str, stands: str | None) -> None:
    assert standing(text) == stands


@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        *(("x", True), ("1.27-alpine", True), ("'1'", True), ("!!str 1", True), ('"null"', True)),
        *(("1", False), ("1.10", False), ("null", False), ("~", False), ("", False)),
        *(("True", False), ("no", False), ("-1", False)),
    ],
)
def test_what_yaml_reads_as_text(text: str, is_text: bool) -> None:
    assert value(f"image: {text}\n").is_text is is_text


@pytest.mark.parametrize(
    ("text", "roots"),
    [
        ("image: 1", 1),
        ("---\nimage: 1\n---\nimage: 2\n", 2),
        ("image: 1\n...\nimage: 2\n", 2),
        ("%YAML 1.2\n---\nimage: 1\n...\n# c\n...\n%TAG ! !\n---\nimage: 2\n", 2),
        ("image: |\n  ---\n  ...\n", 1),
        ("image: 1\n--- # c\n--- {image: 2}\n", 2),
        ("---\r\nimage: 1\r\n...\r\nimage: 2\r\n", 2),
        ("other: 1\n---\nimage: 2\n", 1),
        ("kind: CustomResourceDefinition\nimage: x\n", 0),
    ],
)
def test_documents_of_a_stream(parser: str, text: str, roots: int) -> None:
    found = documents(source(text))
    assert [document.problem for document in found if document.problem] == []
    assert len([document for document in found if document.root]) == roots


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2])
@pytest.mark.parametrize(
    "before",
    [
        "",
        "a: é😀\n",
        "kind: CustomResourceDefinition\nimage: é😀\n",
        "kind: x # é\n---\nkind: CustomResourceDefinition\n---\n# 😀\n",
    ],
)
@pytest.mark.parametrize("marker", ["---\n", "---\n\ufeff", "...\n"])
def test_spans_behind_what_is_not_parsed(mark: bytes, before: str, marker: str) -> None:
    file = source(mark + f"{before}{marker}image: é1 # é1\n".encode())
    (document,) = documents(file)
    assert isinstance(document.root, Mapping)
    found = document.root.get("image")
    assert isinstance(found, Scalar)
    span = verbatim(file, found)
    assert span
    assert span.start == file.data.rindex(b"image") + len("image: ")
    assert file.slice(span).decode() == "é1"


def test_a_schema_that_is_no_utf_8_is_refused_with_its_place() -> None:
    data = b"kind: CustomResourceDefinition\na: \xff\n---\nimage: x\n"
    with pytest.raises(Unparsable) as problem:
        documents(source(data))
    assert problem.value.offset == data.index(b"\xff")


def test_a_document_is_parsed_once_whatever_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def counted(text: str) -> Iterator[object]:
        texts.append(text)
        return yaml_events.pure_events(text)

    monkeypatch.setattr(yaml_events, "fast_events", counted)
    file = source("image: 1\n---\nother: 2\n")
    assert len(documents(file)) == 1
    assert len(documents(file, ("image", "other"))) == 2
    assert len(documents(file, None)) == 2
    assert len(texts) == 2


@pytest.mark.parametrize("text", ['{"image": 1}\n{"image": 2}\n', "[image]\n]]] {\n", "image: [\n"])
def test_what_stands_behind_a_document_is_not_passed_over(parser: str, text: str) -> None:
    (document,) = documents(source(text))
    assert document.root is None
    assert document.problem


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{image: a:1}", [("image", "a:1")]),
        ("{image: a:5/b:1@sha256:0}", [("image", "a:5/b:1@sha256:0")]),
        ("{image: http://x, b: c}", [("image", "http://x"), ("b", "c")]),
        ("{'image':a:1,\"b\":c}", [("image", "a:1"), ("b", "c")]),
        ("{image: [a:1, 'b:2', \"c:3\"], x: {y: z::w}}", None),
        ("{image: a:1}\t# tab", [("image", "a:1")]),
        ("{image: \ue000, b: c}", [("image", "\ue000"), ("b", "c")]),
    ],
)
def test_references_in_flow_style(written: str, read: object) -> None:
    found = data(root(written + "\n"))
    assert found == (read or data(yaml_tree._compose(0, yaml_events.pure_events(written))))


def test_a_broken_document_does_not_hide_the_others() -> None:
    first, second = documents(source("image: [\n---\nimage: x\n"))
    assert first.problem
    assert first.problem.offset <= 9
    assert second.problem is None


def test_other_encodings_are_refused() -> None:
    with pytest.raises(Unparsable):
        documents(source(b"image: \xff"))


@pytest.mark.parametrize("opener", ["[", "{a: ", "- ", "[{a: "])
def test_deep_nesting_is_refused_and_not_recursed_into(opener: str) -> None:
    (document,) = documents(source("image: " + opener * 50_000))
    assert document.problem
    (document,) = documents(source("image:\n  " + "- " * (yaml_events.MAX_DEPTH + 5) + "x\n"))
    assert document.problem
    assert "nested" in document.problem.reason


def test_the_slow_parser_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_tree, "_MAX_PURE", 60)
    flow = "--- {image: a:1, \ue000: b}\n"
    found = documents(source(flow * 4))
    assert [bool(document.problem) for document in found] == [False, False, True, True]
    assert "too large" in str(found[-1].problem)


def test_the_slow_parser_has_an_end_where_it_fails_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_tree, "_MAX_PURE", 60)
    found = documents(source("--- [image, aaaaaaaaaaaaaaaaaaaaaaaaaaa}\n" * 3))
    assert ["too large" in str(document.problem) for document in found] == [False, True, True]


def test_an_alias_is_the_node_of_its_anchor() -> None:
    tree = root("a: &a {image: x}\nb: *a\nc: &c y\nd: *c\ne: &e [*e ]\n")
    assert isinstance(tree, Mapping)
    assert tree.get("a") is tree.get("b")
    anchor, alias = tree.get("c"), tree.get("d")
    assert isinstance(anchor, Scalar)
    assert isinstance(alias, Scalar)
    assert anchor.anchored
    assert not anchor.alias
    assert alias == anchor._replace(alias=True)
    own = tree.get("e")
    assert isinstance(own, Sequence)
    assert data(own) == [""]


def test_an_alias_without_an_anchor_is_no_yaml() -> None:
    (document,) = documents(source("image: x\na: *b\n"))
    assert document.problem
    assert document.problem.offset == 12


def test_merged_entries_come_after_own_ones() -> None:
    tree = root("image: 1\na: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nc: {z: 3, <<: [*b, *a]}\n")
    assert isinstance(tree, Mapping)
    merging = tree.get("c")
    assert isinstance(merging, Mapping)
    entries = [(key, data(item), own) for key, item, own in merging.effective() if key != "<<"]
    assert entries == [
        *(("z", "3", True), ("y", "2", False)),
        *(("x", "1", False), ("y", "1", False)),
    ]
    merged = {site.route for site in sites(tree) if site.merged}
    assert merged == {"a", "b"}


def test_a_mapping_that_merges_itself_ends() -> None:
    tree = root("image: 1\na: &a\n  <<: *a\n  b: 1\n")
    assert len(list(sites(tree))) == 2


def test_each_mapping_is_one_site_and_skipped_keys_none() -> None:
    tree = root("image: &i {a: {b: 1}}\nc: [*i, {d: 1}]\nskip: {e: {f: 1}}\n")
    routes = [site.route for site in sites(tree, skip=frozenset({"skip"}))]
    assert routes == ["", "image", "image.a", "c[1]"]


SCALARS = st.sampled_from(
    [
        "a",
        "'b c'",
        '"d\\te"',
        "x/y:1",
        "''",
        "~",
        "&x a",
        "!!str 1",
        "é",
        '"😀"',
        "1.10",
        "|\n    t\n",
    ]
)


@st.composite
def trees(draw: st.DrawFn) -> str:
    lines = []
    for index in range(draw(st.integers(1, 5))):
        scalar = draw(SCALARS).replace("&x", f"&x{index}")
        key = draw(st.sampled_from(["image", '"image"', "'é'", "k"]))
        kind = draw(st.integers(0, 3)) if "|" not in scalar else 0
        body = [f" {scalar}", f" [{scalar}, b]", f" {{i: {scalar}}}", f"\n  - {scalar}"][kind]
        lines.append(
            f"{key[:-1]}{index}{key[-1]}:{body}" if key[0] in "\"'" else f"{key}{index}:{body}"
        )
    return "image: 1\n" + "\n".join(lines) + "\n"


@given(trees())
def test_the_tree_is_what_a_yaml_loader_reads(text: str) -> None:
    yaml = YAML(typ="base", pure=True)
    assert plain(data(root(text))) == yaml.load(text)


def plain(found: object) -> object:
    if isinstance(found, list) and found and isinstance(found[0], tuple):
        return {key: plain(item) for key, item in found}
    return [plain(item) for item in found] if isinstance(found, list) else found


@given(trees(), st.sampled_from(["", "\ufeff"]), st.sampled_from(["\n", "\r\n"]))
def test_spans_hold_the_values(text: str, mark: str, end: str) -> None:
    file = source(mark + text.replace("\n", end))
    (document,) = documents(file)
    for site in sites(document.root):
        for _, node in site.mapping.scalars():
            span = verbatim(file, node) if isinstance(node, Scalar) else None
            if span and isinstance(node, Scalar):
                assert file.slice(span).decode() == node.value.strip()


SCHEMA = (
    b"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {image: a:1}\n"
)
POD = b"apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:1'}]}\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (SCHEMA, True),
        (b"\xef\xbb\xbf# a\r\n---\r\n" + SCHEMA, True),
        (b"---\n" + SCHEMA + b"---\n" + SCHEMA + b"---\n# end\n...\n", True),
        (b"{{- if .Values.crds }}\n" + SCHEMA + b"{{- end }}\n", True),
        (POD, False),
        (SCHEMA + b"---\n" + POD, False),
        (SCHEMA + POD, False),
        (SCHEMA + b"--- {image: a}\n", False),
        (b"a: b\n---\n" + SCHEMA, False),
        (b"kind: ConfigMap\ndata:\n  a: |\n    kind: CustomResourceDefinition\n", False),
    ],
)
def test_a_file_of_schemas_alone_is_told_from_its_bytes(data: bytes, expected: bool) -> None:
    assert is_all_schemas(Source("a.yaml", data)) is expected
