import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.printable import brief, printable


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
