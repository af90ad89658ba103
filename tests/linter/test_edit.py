"""The splicer against a naive model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.edit import Edit, EditRefused, apply
from boltseal.source import Span


def edit(data: bytes, start: int, end: int, new: bytes) -> Edit:
    return Edit(Span(start, end), data[start:end], new)


def test_no_edit_changes_nothing() -> None:
    assert apply(b"abc", []) == b"abc"


def test_the_same_edit_twice_is_made_once() -> None:
    one = edit(b"abc", 1, 2, b"X")
    assert apply(b"abc", [one, one]) == b"aXc"


def test_other_bytes_than_expected_are_refused() -> None:
    with pytest.raises(EditRefused, match="are not"):
        apply(b"abc", [Edit(Span(0, 1), b"z", b"")])


@pytest.mark.parametrize("other", [(1, 3), (0, 2), (1, 2)])
def test_edits_that_touch_the_same_bytes_are_refused(other: tuple[int, int]) -> None:
    with pytest.raises(EditRefused, match="touch"):
        apply(b"abcd", [edit(b"abcd", 1, 2, b"X"), edit(b"abcd", *other, b"Y")])


@given(st.binary(max_size=40), st.data())
def test_bytes_outside_the_edits_are_kept(data: bytes, draw: st.DataObject) -> None:
    cuts = draw.draw(
        st.lists(st.integers(0, len(data)), unique=True, max_size=8).map(sorted), label="cuts"
    )
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [edit(data, start, end, draw.draw(st.binary(max_size=4))) for start, end in pairs]
    model = data
    for one in reversed(edits):
        model = model[: one.span.start] + one.new + model[one.span.end :]
    assert apply(data, draw.draw(st.permutations(edits))) == model


def test_edits_may_come_in_any_order() -> None:
    data = b"abcdef"
    edits = [edit(data, 4, 5, b"X"), edit(data, 0, 2, b""), edit(data, 6, 6, b"!")]
    assert apply(data, edits) == apply(data, reversed(edits)) == b"cdXf!"


def test_touching_edits_are_two_edits() -> None:
    assert apply(b"ab", [edit(b"ab", 0, 1, b"x"), edit(b"ab", 1, 2, b"y")]) == b"xy"


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(Span(0, 1), b"x", b"y")],
        [Edit(Span(0, 9), b"abc", b"y")],
        [Edit(Span(2, 1), b"", b"y")],
        [Edit(Span(3, 4), b"x", b"")],
        [edit(b"abc", 0, 2, b"x"), edit(b"abc", 1, 3, b"y")],
        [edit(b"abc", 0, 2, b"x"), edit(b"abc", 0, 2, b"y")],
        [edit(b"abc", 0, 3, b"x"), edit(b"abc", 1, 1, b"y")],
        [edit(b"abc", 1, 1, b"x"), edit(b"abc", 1, 1, b"y")],
        [edit(b"abc", 0, 0, b"x"), edit(b"abc", 0, 0, b"y")],
        [edit(b"abc", 0, 1, b"x"), edit(b"abc", 1, 1, b"y"), edit(b"abc", 1, 1, b"z")],
    ],
)
def test_contradictions_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(EditRefused):
        apply(b"abc", edits)
