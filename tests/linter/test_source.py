"""Maps between bytes, characters and lines, against a naive model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.source import BOM, Position, Source, Span, Unparsable

TEXT = st.text(st.sampled_from("aé\u4e2d😀\n\r\t"), max_size=30)


@given(TEXT, st.booleans())
def test_characters_lead_to_their_bytes(text: str, marked: bool) -> None:
    source = Source("f", (BOM if marked else b"") + text.encode())
    for index in range(len(text) + 1):
        offset = source.byte_offset(index)
        assert source.data[offset:] == text[index:].encode()


@given(TEXT.filter(bool), st.sampled_from([b"", BOM]), st.data())
def test_far_into_a_file_too(piece: str, mark: bytes, data: st.DataObject) -> None:
    text = piece * (20_000 // len(piece))
    source = Source("f", mark + text.encode())
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    assert source.characters(start, end) == text[start:end]
    offset = source.byte_offset(end)
    assert source.data[offset:] == text[end:].encode()
    before = text[:end]
    assert source.position(offset) == (
        before.count("\n") + 1,
        len(before.rpartition("\n")[2]) + 1,
    )


@given(TEXT, st.booleans())
def test_lines_and_columns_are_counted_in_characters(text: str, marked: bool) -> None:
    source = Source("f", (BOM if marked else b"") + text.encode())
    for index in range(len(text) + 1):
        before = text[:index]
        expected = Position(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        assert source.position(source.byte_offset(index)) == expected


@given(st.text("ab\té€😀\r\n\u2028\x85", max_size=40), st.sampled_from([b"", BOM]))
def test_lines_are_those_of_the_text(text: str, mark: bytes) -> None:
    source = Source("x", mark + text.encode())
    for number, line in enumerate(text.split("\n"), 1):
        assert source.line_text(number) == line.rstrip("\r")
        assert source.line_of(source.line_start(number)) == number


def test_the_byte_order_mark_has_no_column() -> None:
    source = Source("x", BOM + b"ab")
    assert [source.position(offset) for offset in range(5)] == [(1, 1)] * 4 + [(1, 2)]


def test_an_offset_inside_a_character_is_no_error() -> None:
    source = Source("x", "a😀b".encode())
    for offset in range(7):
        assert source.position(offset).line == 1


@pytest.mark.parametrize("data", [b"ab\xff\ncd", BOM + b"\xe9"])
def test_other_encodings_are_named_with_their_place(data: bytes) -> None:
    source = Source("x", data)
    with pytest.raises(Unparsable, match="UTF-8") as problem:
        _ = source.text
    assert data[problem.value.offset] > 0x7F
    assert source.position(problem.value.offset).line == 1
    assert "\ufffd" in source.line_text(1)


def test_a_slice_is_bytes() -> None:
    assert Source("x", "é1".encode()).slice(Span(2, 3)) == b"1"
