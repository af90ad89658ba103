"""Go templates as a tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal_rules.formats.go_template import (
    Block,
    Call,
    Chain,
    Const,
    Malformed,
    Output,
    Pipe,
    Text,
    parse,
)


def pipe(text: str) -> Pipe:
    node = parse("{{ " + text + " }}")[1]
    assert isinstance(node, Output)
    return node.pipe


def test_text_is_trimmed_as_the_markers_say() -> None:
    nodes = parse("a \n{{- .x -}} \n b {{ .y }} c")
    assert [node.text for node in nodes if isinstance(node, Text)] == ["a", "b ", " c"]


def test_a_comment_gives_nothing() -> None:
    nodes = parse("a{{/* {{ .x }} */}}b{{- /* c */ -}} d")
    assert not [node for node in nodes if isinstance(node, Output)]


def test_a_pipe_is_a_chain_of_calls() -> None:
    assert pipe('.Values.a | default "x y" | quote').calls == (
        Call("", (Chain(".", ("Values", "a")),)),
        Call("default", (Const("x y"),)),
        Call("quote", ()),
    )


def test_a_closing_brace_in_a_string_closes_nothing() -> None:
    assert pipe('printf "}}%s" $x').calls[0].arguments[0] == Const("}}%s")


def test_variables_are_declared() -> None:
    assert pipe("$a, $b := .x").variables == ("$a", "$b")
    assert pipe("$a = .x").variables == ("$a",)


def test_fields_of_a_parenthesis() -> None:
    (call,) = pipe("(index .a 0).b.c").calls
    (chain,) = call.arguments
    assert isinstance(chain, Chain)
    assert chain.fields == ("b", "c")


def test_a_dot_behind_a_blank_is_an_argument_of_its_own() -> None:
    (call,) = pipe("include (printf .a) .").calls
    assert call.arguments[1:] == (Chain(".", ()),)


def test_else_if_is_a_block_in_the_other_branch() -> None:
    (_, block, _) = parse("{{if .a}}1{{else if .b}}2{{else}}3{{end}}")
    assert isinstance(block, Block)
    assert isinstance(block.other[0], Block)
    assert block.other[0].other == (Text("3"),)


@pytest.mark.parametrize(
    "text",
    [
        *("{{ if .a }}", "{{ end }}", "{{ else }}", "{{ .a", "{{ (.a }}", "{{ ^ }}", "{{/* a }}"),
        "{{ if .a }}{{ else }}{{ else }}{{ end }}",
        "{{ if .a }}" * 60,
        "{{ " + "(" * 60 + " }}",
    ],
)
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "-",
                " ",
                "/*",
                "*/",
                "if",
                "end",
                "else",
                '"',
                "`",
                ".a",
                "$x",
                ":=",
                "|",
                "(",
                ")",
                "define",
                "\n",
                "'",
            ]
        ),
        max_size=30,
    )
)
def test_no_text_ends_in_another_exception(parts: list[str]) -> None:
    try:
        parse("".join(parts))
    except Malformed:
        return
