"""Values as TOML 1.0 (toml.io), in such a way that a terminal shows nothing but the text."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else _string(name)


def value(found: Any) -> str:
    """A value on one line: text, a number, a truth, a list or a table of these."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, str):
        return _string(found)
    if isinstance(found, Mapping):
        inside = ", ".join(f"{key(name)} = {value(entry)}" for name, entry in found.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(found, Sequence):
        return f"[{', '.join(map(value, found))}]"
    return f"{found:g}" if isinstance(found, float) else str(found)


def _string(text: str) -> str:
    return f'"{"".join(map(_character, text))}"'


def _character(one: str) -> str:
    if one in ('"', "\\"):
        return f"\\{one}"
    if one.isprintable():
        return one
    return f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}"
