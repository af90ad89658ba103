"""What holds for YAML however it is written: anchors, aliases, merges, every style and line end."""

import re
import warnings
from io import StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from boltseal_rules.formats import yaml_events
from boltseal_rules.formats.templates import has_blocks
from tests.tools import inspected, result, uses

DIGEST = "@sha256:" + "0" * 64
TEXTS = st.sampled_from(
    [
        *(
            "nginx",
            "nginx:1.27",
            "a/b",
            "ghcr.io/a/b:v1",
            "h:5000/x",
            "n",
            "x" + DIGEST,
            "Bad Name",
        ),
        *("$V", "${V:-a/b:1}", "null", "1.5", "é", "<image>", "{{ .x }}", "*", ""),
    ]
)
TAGS = st.sampled_from(["v1", "1.10", "16", "", "1.27-alpine", "v1" + DIGEST, "0x1", "~", "é"])
ANCHORS = ("a", "b", "nginx")


@st.composite
def scalars(draw: st.DrawFn, text: st.SearchStrategy[str] = TEXTS) -> str:
    """A scalar in any style, with an anchor or a tag at times, or an alias."""
    if draw(st.integers(0, 5)) == 0:
        return f"*{draw(st.sampled_from(ANCHORS))} "
    value = draw(text)
    quote = draw(st.sampled_from(["", "", "'", '"', "\\x"]))
    if quote == "\\x":
        value = '"' + "".join(f"\\x{ord(c):02x}" for c in value) + '"'
    elif quote or re.search(r"[{}*<]|^$| ", value):
        value = f"{quote or chr(39)}{value}{quote or chr(39)}"
    before = draw(st.sampled_from(["", "", "", "!!str ", *(f"&{name} " for name in ANCHORS)]))
    return before + value


@st.composite
def entries(draw: st.DrawFn, keys: dict[str, st.SearchStrategy[str]]) -> list[tuple[str, str]]:
    names = draw(st.lists(st.sampled_from(sorted(keys)), min_size=1, max_size=5, unique=True))
    return [(name, draw(keys[name])) for name in names]


CONTAINER = {
    "name": scalars(st.sampled_from(["nginx", "a"])),
    "image": scalars(),
    "args": st.just("[x]"),
    "<<": st.sampled_from(["*m", "*n"]),
    "tag": scalars(TAGS),
}
PARTS = {
    "repository": scalars(),
    "tag": scalars(TAGS),
    "digest": st.one_of(scalars(st.just("")), st.sampled_from(["", "~", "''", "&b ''", "|", "[]"])),
    "registry": scalars(st.sampled_from(["", "ghcr.io", "h:5000/"])),
    "<<": st.sampled_from(["*m", "*n"]),
}


@st.composite
def mappings(draw: st.DrawFn, keys: dict[str, st.SearchStrategy[str]], indent: str) -> str:
    """A mapping in flow or block style, behind its key; sometimes only an alias of one."""
    if draw(st.integers(0, 6)) == 0:
        return draw(st.sampled_from([" *m", " *n"]))
    anchor = draw(st.sampled_from(["", "", " &m", " &n"]))
    found = draw(entries(keys))
    if draw(st.booleans()) and not any(value == "|" for _, value in found):
        return f"{anchor} {{{', '.join(f'{key}: {value}' for key, value in found)} }}"
    comment = draw(st.sampled_from(["", "  # é nginx:1.27", " \t"]))
    return anchor + "".join(f"\n{indent}{key}: {value}{comment}" for key, value in found)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    count = draw(st.integers(1, 4))
    kind = draw(st.sampled_from(["pod.yaml", "values.yaml", "compose.yaml", "templates/pod.yaml"]))
    seed = (
        "z: [&a nginx, &b '', &nginx v1, &m {k: v}, &n {tag: v2}]\n" if draw(st.booleans()) else ""
    )
    if kind == "values.yaml":
        rows = [f"c{i}:\n  image:{draw(mappings(PARTS, '    '))}\n" for i in range(count)]
        text = seed + "".join(rows) + f"d:{draw(mappings(CONTAINER, '  '))}\n"
    elif kind == "compose.yaml":
        rows = [f"  s{i}:{draw(mappings(CONTAINER, '    '))}\n" for i in range(count)]
        text = f"{seed}x-f:{draw(mappings(CONTAINER, '  '))}\nservices:\n" + "".join(rows)
    else:
        rows = [f"  -{draw(mappings(CONTAINER, '    '))}\n" for _ in range(count)]
        text = f"{seed}apiVersion: v1\nkind: Pod\ncontainers:\n" + "".join(rows)
        text += f"image:{draw(mappings(PARTS, '  '))}\n"
    if kind.startswith("templates") or draw(st.integers(0, 9)) == 0:
        text = "{{ if x }}\n" + text + "{{ end }}\n"
    text = text * draw(st.sampled_from([1, 1, 1, 2])) if not text.startswith("z") else text
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
    return kind, (draw(st.sampled_from(["", "\ufeff"])) + text).encode()


ANYHOW = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@ANYHOW
@given(files(), st.booleans())
def test_a_fix_is_what_was_meant_and_nothing_is_left_for_a_second(
    file: tuple[str, bytes], unsafe: bool
) -> None:
    name, data = file
    once = result(name, data, unsafe=unsafe)  # raises where any use is not what it should be
    again = result(name, once.data, unsafe=unsafe)
    assert again.data == once.data
    assert again.sealed == ()
    assert (once.data == data) is (not once.sealed)


@ANYHOW
@given(files(), st.booleans())
def test_only_digests_quotes_and_latest_are_added(file: tuple[str, bytes], unsafe: bool) -> None:
    name, data = file
    after = result(name, data, unsafe=unsafe).data
    kept = re.sub(rb"(:latest)?@?sha256:[0-9a-f]{64}", b"", after)
    bare = re.sub(rb"(:latest)?@?sha256:[0-9a-f]{64}", b"", data)
    plain = re.compile(rb"[\s\"'~]")
    assert plain.sub(b"", kept) == plain.sub(b"", bare)


@ANYHOW
@given(files())
def test_other_data_stays(file: tuple[str, bytes]) -> None:
    name, data = file
    before, after = loaded(data), loaded(result(name, data).data)
    assert sealed_back(before, after) == before


def loaded(data: bytes) -> object:
    yaml = YAML(typ="base", pure=True)
    yaml.allow_duplicate_keys = True
    with warnings.catch_warnings(action="ignore"):  # anchors that are set twice
        try:
            return list(yaml.load_all(StringIO(data.decode("utf-8-sig"))))
        except (YAMLError, ValueError):
            return None


def sealed_back(old: object, new: object) -> object:
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: sealed_back(old.get(key), value) for key, value in new.items()}
    if isinstance(old, list) and isinstance(new, list):
        return [sealed_back(*pair) for pair in zip(old, new, strict=True)]
    if old == new or not isinstance(new, str) or "sha256:" not in new:
        return new
    return old


@ANYHOW
@given(files())
def test_both_parsers_find_the_same(file: tuple[str, bytes]) -> None:
    name, data = file
    fast = inspected(name, data)
    events, yaml_events.fast_events = yaml_events.fast_events, yaml_events.pure_events
    try:
        pure = inspected(name, data)
    finally:
        yaml_events.fast_events = events
    # Of a template that cannot be parsed there are no problems, only what stands in plain sight.
    template = name.startswith("templates") or has_blocks(data.decode("utf-8", "replace"))
    if not fast.problems and not pure.problems and not template:
        seen = [(use.route, use.text, use.span, use.spelling) for use in fast.uses]
        assert [(use.route, use.text, use.span, use.spelling) for use in pure.uses] == seen


@ANYHOW
@given(files())
def test_line_ends_and_a_mark_change_no_use(file: tuple[str, bytes]) -> None:
    name, data = file
    plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    if inspected(name, plain).problems:
        return
    expected = [(use.route, use.text) for use in uses(name, plain)]
    for variant in (plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain):
        assert [(use.route, use.text) for use in uses(name, variant)] == expected
