import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boltseal_rules.formats.template_mask import mask
from boltseal_rules.formats.templates import is_placeholder, is_templated


@pytest.mark.parametrize("text", ["", "a: b", "{a: {b: c}}", "$X", "a # }} b", "{ {x} }"])
def test_text_without_actions_stays(text: str) -> None:
    assert not is_templated(text) or "{{" in text
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a: {{ x }}", "a: xxxxxxx"),
        ("a: {{ x }}b", "a: xxxxxxxb"),
        ("{{ x }}", "#      "),
        (
            "  {{- if x }}\n  b: c\n  {{- end }}\n",
            "  #" + " " * 10 + "\n  b: c\n  #" + " " * 9 + "\n",
        ),
        ("{{ a }} {{ b }}\n", "#       #      \n"),
        ("{{ a }} x {{ b }}\n", "xxxxxxx x xxxxxxx\n"),
        ("{{ a\n}}\nb: c", "#   \n# \nb: c"),
        ("a: {{ b\r\n }}", "a: xxxx\r\nxxx"),
        ("{% if x %}\n", "#         \n"),
        ("a: b {# c #}\n", "a: b        \n"),
        ("a: b {{/* c }} */}}\n", "a: b               \n"),
        ("a: b {{- /* c */ -}}", "a: b                "),
        ("{{/* c }}\n", "#        \n"),
        ("a: {{- b | nindent 4 }}\n    c: d\n", "a:                     \n    c: d\n"),
        ("a: {{ nindent 4 .b }}\n", "a: xxxxxxxxxxxxxxxxxx\n"),
        ("  {{ b | nindent 4 }}\n", "  #                  \n"),
        ("a: {{ b", "a: {{ b"),
        ("a: {{ b }} {{ c", "a: xxxxxxx {{ c"),
    ],
)
def test_actions_are_blotted_out(text: str, masked: str) -> None:
    assert mask(text) == masked


_FILLER = '{{- include "labels" . | nindent 4 }}'
_SPACES = " " * len(_FILLER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: ", "\n  b: c\n"),
        ("  a: ", "\r\n    b: c\r\n"),
        ("a: ", "  # c\n\n# d\n{{ if x }}\n  b: c\n"),
        ("a: ", "\n- b\n"),
        ("- a: ", "\n  - b\n"),
    ],
)
def test_what_fills_a_key_with_lines_leaves_room_for_more_of_them(before: str, after: str) -> None:
    masked = mask(before + _FILLER + after)
    assert masked == before + _SPACES + mask(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("image: ", "\n"),
        ("image: ", ""),
        ("image: ", "\nb: c\n"),
        ("- image: ", "\n- b\n"),
        ("image: ", " b\n  c: d\n"),
        ("image: b", "\n  c: d\n"),
        ("# image: ", "\n  c: d\n"),
    ],
)
def test_what_fills_a_key_alone_is_its_value(before: str, after: str) -> None:
    masked = mask(before + _FILLER + after)
    assert masked == before + "x" * len(_FILLER) + after


@given(
    st.lists(
        st.sampled_from(
            [
                *("{{", "}}", "{{/*", "*/}}", "{%", "%}", "{#", "#}", "\n", "\r\n", " ", "a", "é"),
                *("a: ", "|nindent 4 }}", "- "),
            ]
        ),
        max_size=14,
    ).map("".join)
)
@example("{{%}{{%}")
def test_length_and_line_ends_never_change(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert [i for i, c in enumerate(masked) if c in "\r\n"] == [
        i for i, c in enumerate(text) if c in "\r\n"
    ]
    assert all(new in (old, "x", "#", " ") for old, new in zip(text, masked, strict=True))


@pytest.mark.parametrize(
    "piece",
    [
        *("{{", "{{/*", "{%", "{#", "{{ x }}", "{{ x }} a", "{{ x }}\n"),
        *("{{ x | nindent 4 }}", "a: {{ x | nindent 4 }} ", "{{ x | nindent 4 }}\n"),
        *("a: {{ x | nindent 4 }}\n", "a: {{ x | nindent 4 }}\n#\n"),
    ],
)
def test_hundreds_of_thousands_of_actions_take_no_time(piece: str) -> None:
    # A quadratic reader needs minutes for this, and the run has a time limit of its own.
    text = "image: {{ x }}\n" + piece * 100_000
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "<your-image>",
        "x:<tag>",
        "[IMAGE]",
        "%%x%%",
        "@TAG@",
        "((x))",
        "__IMAGE__",
        "a:TAG",
        "a:MY_TAG",
    ],
)
def test_placeholders_ask_for_something(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["nginx", "a__b", "x@sha256:0", "[::1]:5000/x", "a-b.c/d:e_F", "a:REL_1", "a:1-TAG"]
)
def test_references_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize("piece", ["[A", "<", "((a", "%%a", "@a", "__A", ":A_", ":A"])
def test_a_long_text_is_searched_in_no_time(piece: str) -> None:
    is_placeholder(piece * 200_000)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a: |\n{{ if }}\n  b\n{{ end }}\nc: d\n", "a: |\n  #     \n  b\n#        \nc: d\n"),
        (
            "a: |\n  {{ if }}\n    b\n  {{ else }}\n    c\n",
            "a: |\n    #     \n    b\n    #       \n    c\n",
        ),
        ("{{ a }}\n{{ b }}\n  c\n", "  #    \n  #    \n  c\n"),
        ("{{ a }}\n            c\n", "#      \n            c\n"),
        ("{{ a }}\n  {{ b }}: c\n", "  #    \n  xxxxxxx: c\n"),
        ("{{ a\n}}\n  c\n", "  # \n# \n  c\n"),
    ],
)
def test_a_line_of_actions_is_as_deep_as_what_follows(text: str, masked: str) -> None:
    assert mask(text) == masked
