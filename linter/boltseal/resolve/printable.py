"""Text from elsewhere, made safe to print."""

import unicodedata

# Controls (C0, DEL, C1), format characters (bidi marks and overrides, zero-width ones), lone
# surrogates, private use, and the two separators that some terminals and log viewers break at.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_LIMIT = 120


def printable(text: str, limit: int = _LIMIT) -> str:
    """Make one line of ``text``, whoever wrote it.

    In: any text, and the most characters of it to show.
    Out: the text with every unsafe character written as an escape, cut with ``...`` when longer.
    """
    shown = "".join(map(_escaped, text[:limit]))
    cut = len(text) > limit or len(shown) > limit
    return shown[: limit - 3] + "..." if cut else shown


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
