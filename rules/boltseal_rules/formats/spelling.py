"""How a key may be written in YAML, for whoever looks for it in a text that nobody has parsed."""

LETTER = r"\\(?:x|u00|U000000)[4-7]"
"""Finds an ASCII letter that is written as an escape (YAML 1.2, 5.7; RFC 8259, 7)."""
_PLAIN = r"^(?:%s)[ \t]*:"
# In quotes, with an anchor or a tag, as an alias, behind '?', in braces, behind the mark of a document.
_ODD = r"^(?:[\"'?&!*\ufeff]|\{(?![{%])|---[ \t]+[^#\s])"
# The first key of a document stands at its margin, wherever that is.
_INDENTED = r"(?:\A|^---[^\n]*\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[^\s#{]"
_OTHER_BREAK = r"\r(?!\n)|[\x85\u2028\u2029]"


def at_margin(names: str) -> str:
    """A pattern that finds any of ``names`` as a key of a document itself, and more than that.

    It also finds any text in which such a key may be written so that only a parser sees it.
    """
    return "|".join(("(?m)" + _PLAIN % names, _ODD, _INDENTED, _OTHER_BREAK, LETTER))
