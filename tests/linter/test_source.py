"""Maps between bytes, characters and lines, against a naive model."""

from hypothesis import given
from hypothesis import strategies as st

from boltseal.source import BOM, Position, Source

TEXT = st.text(st.sampled_from("aé\u4e2d😀\n\r\t"), max_size=30)


@given(TEXT, st.booleans())
def test_characters_lead_to_their_bytes(text: str, marked: bool) -> None:
    source = Source("f", (BOM if marked else b"") + text.encode())
    for index in range(len(text) + 1):
        offset = source.byte_offset(index)
        assert source.data[offset:] == text[index:].encode()


@given(TEXT, st.booleans())
def test_lines_and_columns_are_counted_in_characters(text: str, marked: bool) -> None:
    source = Source("f", (BOM if marked else b"") + text.encode())
    for index in range(len(text) + 1):
        before = text[:index]
        expected = Position(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        assert source.position(source.byte_offset(index)) == expected
