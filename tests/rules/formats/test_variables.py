import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal_rules.formats.variables import BACKSLASH, BACKTICK, COMPOSE, Syntax, expand, unquote

VALUES: dict[str, str | None] = {"A": "1", "EMPTY": "", "SET": None, "IMG": "python:3.12"}
SYNTAXES = st.sampled_from([BACKSLASH, BACKTICK, COMPOSE])


@pytest.mark.parametrize("syntax", [BACKSLASH, BACKTICK, COMPOSE])
@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", ""),
        ("plain:1", "plain:1"),
        ("$A", "1"),
        ("${A}", "1"),
        ("x${A}y$A-z", "x1y1-z"),
        ("${A:-d}", "1"),
        ("${A-d}", "1"),
        ("${A:+d}", "d"),
        ("${A+d}", "d"),
        ("${A:?e}", "1"),
        ("${A?e}", "1"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${EMPTY:+d}", ""),
        ("${EMPTY+d}", "d"),
        ("${EMPTY:?e}", None),
        ("${EMPTY?e}", ""),
        ("${NONE:-d}", "d"),
        ("${NONE-d}", "d"),
        ("${NONE:+d}", ""),
        ("${NONE+d}", ""),
        ("${NONE:?e}", None),
        ("${NONE}", None),
        ("${NONE:-}", ""),
        ("${NONE:-${OTHER:-x}}", "x"),
        ("${NONE:-a${A}b}", "a1b"),
        ("${SET:-d}", None),
        ("${SET+d}", "d"),
        ("${SET:+d}", None),
        ("$NONE/x", None),
    ],
)
def test_expansion(syntax: Syntax, text: str, want: str | None) -> None:
    expansion = expand(text, syntax, VALUES)
    assert expansion is not None
    assert expansion.text == want


@pytest.mark.parametrize(
    ("text", "syntax", "want"),
    [
        (r"\$A", BACKSLASH, "$A"),
        ("`$A", BACKTICK, "$A"),
        ("`$A", BACKSLASH, "`1"),
        ("$$A", COMPOSE, "$A"),
        ("$${A}", COMPOSE, "${A}"),
        ("$$$A", COMPOSE, "$1"),
        (r"\$A", COMPOSE, "\\1"),
        ('"$A"', BACKSLASH, "1"),
        ("'$A'", BACKSLASH, "$A"),
        (r'"a\"b\c"', BACKSLASH, 'a"b\\c'),
        ('"$A"', COMPOSE, '"1"'),
        ("$", BACKSLASH, "$"),
        ("a$.b", BACKSLASH, "a$.b"),
        ("a\\", BACKSLASH, "a"),
        ("${NONE:-'}'}", BACKSLASH, "}"),
        (r"${NONE:-\}}", BACKSLASH, "}"),
        ("}", BACKSLASH, "}"),
    ],
)
def test_quotes_and_escapes(text: str, syntax: Syntax, want: str) -> None:
    expansion = expand(text, syntax, VALUES)
    assert expansion is not None
    assert expansion.text == want


@pytest.mark.parametrize(
    ("text", "syntax"),
    [
        ("${A", BACKSLASH),
        ("${", COMPOSE),
        ("${}", BACKSLASH),
        ("${:-x}", BACKSLASH),
        ("${A:x}", BACKSLASH),
        ("${templateOption:imageVariant}", BACKSLASH),
        ("${A^^}", BACKSLASH),
        ("${A:-${B}", COMPOSE),
        ("'a", BACKSLASH),
        ('"a', BACKSLASH),
        ("a$", COMPOSE),
        ("$1", COMPOSE),
        ("${A#x}", COMPOSE),
        ("${A:-" * 100 + "}" * 100, COMPOSE),
    ],
)
def test_malformed(text: str, syntax: Syntax) -> None:
    assert expand(text, syntax, VALUES) is None


@pytest.mark.parametrize("text", ["${A#1}", "${A##*-}", "${A%-*}", "${A/1/2}", "${A//1/2}"])
def test_what_a_pattern_leaves_is_not_known(text: str) -> None:
    expansion = expand(text, BACKSLASH, VALUES)
    assert expansion is not None
    assert (expansion.text, expansion.unknown) == (None, ("A",))


@pytest.mark.parametrize(
    ("text", "literal", "variable"),
    [
        ("python:3", "python:3", None),
        ('"python:3"', "python:3", None),
        ("'python:3'", "python:3", None),
        ("${X:-python:3}", "python:3", None),
        ("${X-python:3}", "python:3", None),
        ("${X:-${Y:-python:3}}", "python:3", None),
        ('${X:-"python:3"}', "python:3", None),
        ("$IMG", None, "IMG"),
        ("${IMG:-x}", None, "IMG"),
        ("${X:-$IMG}", None, "IMG"),
        ("${X:-}python:3", None, None),
        ("${X:-a}${Y:-b}", None, None),
        ("py${X:-thon:3}", None, None),
        ("py'thon:3'", None, None),
        (r"py\thon:3", None, None),
        ("${EMPTY}python:3", None, None),
        ("${A:-x}-slim", None, None),
        ("", None, None),
    ],
)
def test_where_the_whole_stands(text: str, literal: str | None, variable: str | None) -> None:
    expansion = expand(text, BACKSLASH, VALUES)
    assert expansion is not None
    span = expansion.literal
    assert (text[span[0] : span[1]] if span else None) == literal
    assert expansion.variable == variable


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [
        ("$A", {"A"}, set()),
        ("${A:-$B}", {"A", "B"}, set()),
        ("${A:-$B-x}", {"A"}, {"B"}),
        ("$A-$B", set(), {"A", "B"}),
        ("${A:+x}", set(), set()),
        ("${A:+$B}", {"B"}, set()),
        ("${A%x}", set(), {"A"}),
        ('"$A"', {"A"}, set()),
    ],
)
def test_reads(text: str, whole: set[str], part: set[str]) -> None:
    expansion = expand(text, BACKSLASH, {})
    assert expansion is not None
    assert (expansion.whole_reads, expansion.part_reads) == (whole, part)


def test_unknown_names_come_once_and_in_order() -> None:
    expansion = expand("$Z/$Y:$Z$A", COMPOSE, VALUES)
    assert expansion is not None
    assert expansion.unknown == ("Z", "Y")


@pytest.mark.parametrize(
    ("text", "name", "want"),
    [
        ("stage-$X", "stage-arm64", True),
        ("stage-$X", "STAGE-arm64", True),
        ("stage-$X", "other", False),
        ("$X-end", "an-end", True),
        ("$X-end", "an-end-", False),
        ("a${X}b${Y}c", "a-b-c", True),
        ("a${X}b${Y}c", "acb", False),
        ("$X", "anything", True),
        ("x$A", "x1", True),
        ("x$A", "x12", False),
        ("ab${X}ba", "aba", False),
    ],
)
def test_may_be(text: str, name: str, want: bool) -> None:
    expansion = expand(text, BACKSLASH, VALUES)
    assert expansion is not None
    assert expansion.may_be(name) is want


def test_growth_without_bounds_is_not_expanded() -> None:
    expansion = expand("$X" * 10, COMPOSE, {"X": "x" * 1000})
    assert expansion is not None
    assert expansion.text is None


def test_values_are_not_read_again() -> None:
    expansion = expand("$X", COMPOSE, {"X": "$X${X}"})
    assert expansion is not None
    assert expansion.text == "$X${X}"


def test_unquote_leaves_variables() -> None:
    assert unquote("'a'\"b\"$X\\c${Y}", BACKSLASH) == "ab$Xc${Y}"


TEXTS = st.text("$\\`'\"{}:-+?#%/ABx", max_size=40) | st.text(max_size=40)


@given(TEXTS, SYNTAXES, st.dictionaries(st.sampled_from("ABx"), st.none() | TEXTS))
def test_never_raises_and_is_consistent(
    text: str, syntax: Syntax, values: dict[str, str | None]
) -> None:
    expansion = expand(text, syntax, values)
    if expansion is None:
        return
    if expansion.literal:
        start, end = expansion.literal
        assert text[start:end] == expansion.text
    if expansion.text is not None:
        assert expansion.may_be(expansion.text)
        assert not expansion.unknown


@given(st.lists(st.sampled_from(["a", "b", "$X", "${Y}"])), st.text("ab", max_size=8))
def test_may_be_agrees_with_a_regular_expression(parts: list[str], name: str) -> None:
    expansion = expand("".join(f"{part}" for part in parts), COMPOSE, {})
    pattern = "".join(re.escape(part) if part in "ab" else ".*" for part in parts)
    # "$Xa" is a variable of another name; only texts without that are compared.
    if expansion and not re.search(r"\$X[abX]", "".join(parts)):
        assert expansion.may_be(name) == (re.fullmatch(pattern, name) is not None)
