"""Rate limits as registries tell them."""

import pytest

from boltseal.resolve.exchange import Answer
from boltseal.resolve.quota import Quota, quota


def answer(**headers: str) -> Answer:
    return Answer(200, tuple((n.replace("_", "-"), v) for n, v in headers.items()), b"")


@pytest.mark.parametrize(
    ("limit", "remaining", "expected"),
    [
        ("100;w=21600", "12;w=21600", Quota(12, 100, 21600)),
        ("100;w=21600", "12", Quota(12, 100, 21600)),
        ("100", "12", Quota(12, 100, 0)),
        ("100, 100;w=60, 1000;w=3600", "12", Quota(12, 100, 0)),
        (" 100 ; w=60 ", "0", Quota(0, 100, 60)),
    ],
)
def test_both_forms_are_read(limit: str, remaining: str, expected: Quota) -> None:
    assert quota(answer(ratelimit_limit=limit, ratelimit_remaining=remaining)) == expected


@pytest.mark.parametrize(
    ("limit", "remaining"),
    [("100", ""), ("", "12"), ("many", "12"), ("-1", "1"), ("1" * 99, "1"), ("100", "1\u0661")],
)
def test_what_has_no_meaning_is_no_quota(limit: str, remaining: str) -> None:
    assert quota(answer(ratelimit_limit=limit, ratelimit_remaining=remaining)) is None


def test_an_answer_without_the_headers_says_nothing() -> None:
    assert quota(answer()) is None


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (Quota(12, 100, 21600), "12 of 100 left in 6 hours"),
        (Quota(1, 10, 3600), "1 of 10 left in 1 hour"),
        (Quota(1, 10, 90), "1 of 10 left in 90 seconds"),
        (Quota(1, 10, 172800), "1 of 10 left in 2 days"),
        (Quota(1, 10, 0), "1 of 10 left"),
    ],
)
def test_a_quota_is_told_in_words(known: Quota, text: str) -> None:
    assert str(known) == text


def test_a_fifth_and_less_is_low() -> None:
    assert Quota(20, 100, 0).is_low
    assert not Quota(21, 100, 0).is_low
