"""How a key may be written in YAML, for whoever looks for it in bytes that nobody has parsed."""

# Behind the names: a key in quotes, with an anchor or a tag, as an alias, behind '?'; a second mark
# of the byte order; braces that are no template's; content behind the mark of a document; a document
# whose first key, and so every other, is indented.
_AT_MARGIN = (
    rb"(?m)^(?:(?:%b)[ \t]*:|[\"'?&!*]|\xef\xbb\xbf|\{(?![{%%])|---[ \t]+[^#\s]"
    rb"|(?:\A|---[^\n]*\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[^\s#{])"
)


def at_margin(names: bytes) -> bytes:
    """A pattern that finds any of ``names`` as a key of a document itself, and more than that.

    It also finds any text in which such a key may be written so that only a parser sees it, but for
    what ``Source`` tells of hidden letters and lines.
    """
    return _AT_MARGIN % names
