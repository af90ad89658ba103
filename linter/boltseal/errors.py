"""Errors that are the user's to mend: one clear line, and exit code 2."""

from collections.abc import Iterable

_MAX_SHOWN = 100


class UsageError(Exception):
    """Wrong usage: the message is shown as it is."""


def unknown(noun: str, name: str, known: Iterable[str]) -> str:
    """What to say of a name that is not known: the one that was probably meant, or all there are."""
    from difflib import get_close_matches

    names = sorted(map(str, known))
    close = get_close_matches(name, names, 1)
    advice = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names)}"
    return f"unknown {noun} {quoted(name)}; {advice}"


def quoted(text: str) -> str:
    """Text in quotes, enough to know it again: what is written in a file can be megabytes long."""
    return repr(text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…")
