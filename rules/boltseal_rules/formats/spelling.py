"""How a key may be written in YAML, for whoever looks for it in bytes that nobody has parsed."""

_PLAIN = rb"^(?:%s)[ \t]*:"
# In quotes, with an anchor or a tag, as an alias, behind '?', in braces, behind the mark of a
# document or of the byte order.
_ODD = rb"^(?:[\"'?&!*]|\xef\xbb\xbf|\{(?![{%])|---[ \t]+[^#\s])"
# The first key of a document stands at its margin, wherever that is.
_INDENTED = rb"(?:\A|^---[^\n]*\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[^\s#{]"
# CR by itself; NEL, LS and PS, which YAML 1.1 takes for the end of a line.
_OTHER_BREAK = rb"\r(?!\n)|\xc2\x85|\xe2\x80[\xa8\xa9]"


def at_margin(names: bytes) -> bytes:
    """A pattern that finds any of ``names`` as a key of a document itself, and more than that.

    It also finds any text in which such a key may be written so that only a parser sees it. Letters
    that are escapes are not its concern (``Source.hides_letters``).
    """
    return b"|".join((b"(?m)" + _PLAIN % names, _ODD, _INDENTED, _OTHER_BREAK))
