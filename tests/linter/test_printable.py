import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.printable import brief


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
