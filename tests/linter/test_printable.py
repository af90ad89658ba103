import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.printable import brief, characters, printable, visible


def test_plain_text_stays() -> None:
    assert brief("caf\u00e9 'x' \\ 1.0") == "caf\u00e9 'x' \\ 1.0"


def test_controls_and_directions_are_escaped() -> None:
    text = "a\x1b[31m\n\r\x7f\x85\u202e\u2066\u200b\u2028\U000e0041"
    assert brief(text) == ("a\\x1b[31m\\x0a\\x0d\\x7f\\x85\\u202e\\u2066\\u200b\\u2028\\U000e0041")


@settings(deadline=None)
@given(st.text(), st.integers(3, 200))
def test_anything_becomes_one_short_line(text: str, limit: int) -> None:
    shown = brief(text, limit)
    assert len(shown) <= limit
    assert not any(
        unicodedata.category(character).startswith("C")
        for character in shown
        if character.isascii()
    )
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\r\tc\x00", "a\\x0ab\\x0d\\x09c\\x00"),
        ("\x9b0m\x7f", "\\x9b0m\\x7f"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("a\u200bb\ufeff\u2028", "a\\u200bb\\ufeff\\u2028"),
        ("\udcff", "\\udcff"),
        ("\u00ad\u180e", "\\xad\\u180e"),
        ("\U000e0041\U000e007f", "\\U000e0041\\U000e007f"),
    ],
)
def test_what_a_terminal_obeys_or_hides_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    kinds = {unicodedata.category(character) for character in printable(text)}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error ::x", "\\x3a:error ::x"),
        (" \u00a0::x", " \u00a0\\x3a:x"),
        ("a::b", "a::b"),
        ("##[error]x", "#\\x23[error]x"),
        ("a ##vso[x] ###teamcity[y]", "a #\\x23vso[x] ##\\x23teamcity[y]"),
        ("## heading [link]", "## heading [link]"),
        ("\x1b##[x", "\\x1b#\\x23[x"),
    ],
)
def test_what_a_log_reader_takes_for_a_command_is_broken_up(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters() | st.sampled_from("#:[ \x1b")))
def test_characters_are_shown_one_by_one(text: str) -> None:
    shown = characters(text)
    assert len(shown) == len(text)
    assert "".join(shown) == printable(text)


@given(st.text(st.characters() | st.sampled_from("#:[ \x1b")))
def test_what_is_visible_differs_from_the_printable_by_commands_alone(text: str) -> None:
    assert printable(text).replace("\\x23", "#").replace("\\x3a", ":") == visible(text).replace(
        "\\x23", "#"
    ).replace("\\x3a", ":")
