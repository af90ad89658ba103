"""Text that came from a file or a registry, made safe for a terminal or a log."""

# Controls (C0, DEL, C1), format characters (bidi marks and overrides, zero-width ones), lone
# surrogates, private use, and the two separators that some terminals and log viewers break at.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_BRIEF = 120


def printable(text: str) -> str:
    """One line of ``text``, whoever wrote it: every unsafe character is written as an escape."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def brief(text: str, limit: int = _BRIEF) -> str:
    """The same for what may be of any length: no more than ``limit`` characters are shown."""
    shown = printable(text[:limit])
    cut = len(text) > limit or len(shown) > limit
    return shown[: limit - 3] + "..." if cut else shown


def _escaped(character: str) -> str:
    import unicodedata  # most text is printed as it is

    if unicodedata.category(character) not in _UNSAFE:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
