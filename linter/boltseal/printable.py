"""Text that came from a file or a registry, made safe for a terminal or a log."""

from boltseal.pattern import pattern

# Controls (C0, DEL, C1), format characters (bidi marks and overrides, zero-width ones), lone
# surrogates, private use, and the two separators that some terminals and log viewers break at.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# What services that read a log take for a command to them: '::' where a line begins (GitHub), and
# anywhere '##[' (GitHub, Azure), '##vso[' (Azure) and '##teamcity['.
_COMMAND = pattern(r"\A\s*:(?=:)|(?<=#)#(?=[A-Za-z]*\[)")
_BRIEF = 120


def printable(text: str) -> str:
    """One line of ``text``, whoever wrote it: every unsafe character is written as an escape.

    So is one character of what a service that reads the log would take for a command.
    """
    if text.isprintable() and "::" not in text and "##" not in text:
        return text
    return "".join(characters(text))


def characters(text: str) -> list[str]:
    """The same character by character: how each of them is shown."""
    shown = [it if it.isprintable() else _escaped(it) for it in text]
    for match in _COMMAND.finditer(text):
        shown[match.end() - 1] = _code(match[0][-1])
    return shown


def visible(text: str) -> str:
    """The same where no command can begin: for a form that has rules of its own for that."""
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
    return _code(character)


def _code(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
