import pytest

from boltseal.edit import Edit, Safety
from boltseal.reference import InvalidReference, parse
from boltseal.seal import safety, seal
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Slot, Spelling, Split, Whole

DIGEST = "sha256:" + "0" * 64
REASON = Opaque("because", "do this")


def use_of(text: str, spelling: Spelling, data: bytes = b"x:1 'a' ''") -> ImageUse:
    return ImageUse(Source("f", data), "place", "route", text, parse(text), Span(0, 3), spelling)


def test_what_cannot_be_sealed_has_no_safety() -> None:
    whole = Whole(Span(0, 3))
    assert safety(use_of(f"x@{DIGEST}", whole)) is None
    assert safety(use_of("x:1", REASON)) is None
    assert safety(use_of("X", whole)) is None
    assert safety(use_of("x", whole)._replace(reference=None)) is None


@pytest.mark.parametrize("text", [f"x@{DIGEST}", "X"])
def test_what_cannot_be_sealed_is_not(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be sealed"):
        seal(use_of(text, Whole(Span(0, 3))), DIGEST)


def test_a_whole_reference_keeps_its_text_and_gains_a_digest() -> None:
    fix = seal(use_of("x:1", Whole(Span(0, 3))), DIGEST)
    assert fix.safety is Safety.SAFE
    assert fix.edits == (Edit(Span(0, 3), b"x:1", f"x:1@{DIGEST}".encode()),)


def test_a_reference_without_tag_is_sealed_as_latest() -> None:
    fix = seal(use_of("x", Whole(Span(0, 1))), DIGEST)
    assert fix.edits == (Edit(Span(0, 1), b"x", f"x:latest@{DIGEST}".encode()),)


def test_a_digest_key_is_filled_and_the_tag_left_alone() -> None:
    split = Split(Slot(Span(5, 6)), "1", digest=Slot(Span(9, 9)))
    fix = seal(use_of("x:1", split), DIGEST)
    assert fix.safety is Safety.SAFE
    assert fix.edits == (Edit(Span(9, 9), b"", DIGEST.encode()),)


def test_a_key_for_hex_digits_gets_only_these() -> None:
    split = Split(Slot(Span(5, 6)), "1", digest=Slot(Span(9, 9), " "), bare_digest=True)
    assert seal(use_of("x:1", split), DIGEST).edits[0].new == b" " + b"0" * 64


def test_a_number_is_quoted_beside_its_digest() -> None:
    tag = Slot(Span(2, 3), '"', '"')
    split = Split(tag, "1", tag_is_number=True, digest=Slot(Span(9, 9)))
    fix = seal(use_of("x:1", split), DIGEST)
    assert fix.safety is Safety.SAFE
    assert Edit(Span(2, 3), b"1", b'"1"') in fix.edits


def test_a_number_that_is_read_as_another_is_unsafe() -> None:
    split = Split(Slot(Span(2, 3)), "1.10", True, True, Slot(Span(9, 9)))
    assert safety(use_of("x:1.10", split)) is Safety.UNSAFE


def test_without_a_digest_key_the_digest_goes_behind_the_tag() -> None:
    fix = seal(use_of("x:a", Split(Slot(Span(5, 6)), "a")), DIGEST)
    assert fix.safety is Safety.UNSAFE
    assert fix.edits == (Edit(Span(5, 6), b"a", f"a@{DIGEST}".encode()),)


def test_an_invalid_reference_has_no_image() -> None:
    use = use_of("X", REASON)
    assert isinstance(use.reference, InvalidReference)
    assert use.image is None


def test_what_else_reads_the_text_makes_the_fix_unsafe() -> None:
    whole = Whole(Span(0, 3), "line 4 compares it")
    assert seal(use_of("x:1", whole), DIGEST).safety is Safety.UNSAFE
