from datetime import UTC, datetime

import pytest

from boltseal.resolve.retry import FLOOR, retry_after

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("60", 60.0),
        (" 2 ", 2.0),
        ("0", FLOOR),
        ("238.39\u00b5s", FLOOR),
        ("250ms", 0.25),
        ("Tue, 01 Jan 2030 00:00:30 GMT", 30.0),
        ("Tue, 01 Jan 2030 00:00:30 -0000", 30.0),
        ("Mon, 31 Dec 2029 23:00:00 GMT", FLOOR),
        ("Tue, 99 Jan 2030 00:00:30 GMT", None),
        ("9" * 18, float("9" * 18)),
        ("9" * 500, None),
    ],
)
def test_both_forms_are_read(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
