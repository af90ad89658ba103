"""When to ask again."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that may be gone in a moment."""

TOO_MANY = 429
FLOOR = 0.1
"""The shortest pause that Retry-After can ask for, in seconds."""

# Seconds, and the durations that ghcr.io writes in their place ("238.39\u00b5s").
_SECONDS = re.compile(r"(\d{1,18}(?:\.\d{1,18})?)(ns|us|\u00b5s|\u03bcs|ms|s|)", re.ASCII)
_UNITS = {"ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "\u03bcs": 1e-6, "ms": 1e-3, "s": 1.0, "": 1.0}


def retry_after(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header (RFC 9110 section 10.2.3).

    In: its value, in seconds or as a date, and the time now (aware).
    Out: the seconds to wait, at least ``FLOOR``; None when there is no value or no meaning in it.
    """
    if value is None:
        return None
    text = value.strip()
    match = _SECONDS.fullmatch(text)
    if match:
        return max(FLOOR, float(match[1]) * _UNITS[match[2]])
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(FLOOR, (when - now).total_seconds())
