"""How a key may be written in YAML, for whoever looks for it in bytes that nobody has parsed."""

import re
from functools import lru_cache

from boltseal.pattern import pattern
from boltseal.source import Source

# In quotes, with an anchor or a tag, as an alias, behind '?', in braces, behind the mark of a
# document or of the byte order. What ends the comment of a Helm template is none of these.
_ODD = rb"[\"'?&!]|\*(?!/-?\}\})|\xef\xbb\xbf|\{(?![{%])|---[ \t]+[^#\s]"
_BLANKS = rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*"
# The first key of a document stands at its margin, wherever that is.
_INDENTED = _BLANKS + rb"[ \t]+[^\s#{]"
_FIRST = pattern(_ODD + b"|" + _INDENTED)
# A search for a line end and what follows takes a tenth of the time of one for starts of lines.
_LATER = pattern(rb"\n(?:" + _ODD + rb"|---[^\n]*\n" + _INDENTED + b")")
# NEL, LS and PS, which YAML 1.1 takes for the end of a line.
_OTHER_BREAKS = (b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")


def may_be_key(source: Source, names: bytes) -> bool:
    """Whether any of ``names`` (a pattern) may be a key of one of the documents themselves.

    So it is in any text in which such a key may be written so that only a parser sees it. Letters
    that are escapes are not its concern (``Source.hides_letters``).
    """
    plain = rb"(?:%b)[ \t]*:" % names
    if _compiled(plain).match(source.data, source.bom) or _is_odd(source):
        return True
    return _compiled(rb"\n" + plain).search(source.data) is not None


@lru_cache(maxsize=1)  # the places ask for one file after the other
def _is_odd(source: Source) -> bool:
    data = source.data
    if _FIRST.match(data, source.bom) or any(map(source.holds, _OTHER_BREAKS)):
        return True
    if source.holds(b"\r") and data.count(b"\r") > data.count(b"\r\n"):
        return True
    return _LATER.search(data) is not None


@lru_cache(maxsize=64)
def _compiled(text: bytes) -> re.Pattern[bytes]:
    return re.compile(text)
