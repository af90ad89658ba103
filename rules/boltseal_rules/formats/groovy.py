"""Groovy as tokens: words, strings and signs, with comments left out.

The rules are those of the Groovy language documentation (syntax, strings): six kinds of strings,
of which a slash begins one only where no value stands before it to be divided.
"""

import re
from typing import NamedTuple

from boltseal_rules.formats.size import refuse_large

_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"\d[\w.]*")
_BLANK = re.compile(r"[ \t\r\f\ufeff]+")
# What stands between the quotes, as far as it goes.
_STRINGS = {
    "'''": re.compile(r"(?:[^\\']|\\.|'(?!''))*+", re.DOTALL),
    '"""': re.compile(r'(?:[^\\"]|\\.|"(?!""))*+', re.DOTALL),
    "$/": re.compile(r"(?:[^$/]|\$.|/(?!\$))*+", re.DOTALL),
    "'": re.compile(r"(?:[^\\'\r\n]|\\.)*+", re.DOTALL),
    '"': re.compile(r'(?:[^\\"\r\n]|\\.)*+', re.DOTALL),
    "/": re.compile(r"(?:[^\\/\r\n]|\\.)*+", re.DOTALL),
}
_INTERPOLATED = ('"', '"""')
# Words behind which a value begins, so that a slash opens a string.
_OPENERS = frozenset({"return", "in", "case", "assert", "throw", "else", "println", "echo"})


class Token(NamedTuple):
    """A token. Of a string, ``text`` is what stands between its quotes and the offsets are of that.

    ``kind`` is ``word``, ``string``, ``number`` or ``sign``; ``quote`` is what opens a string.
    """

    kind: str
    text: str
    start: int
    end: int
    quote: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether it is a string that means what is written: no escape and no value put in."""
        if self.kind != "string" or self.quote.startswith("$") or self.quote == "/":
            return False
        return "\\" not in self.text and not (self.quote in _INTERPOLATED and "$" in self.text)


def tokens(text: str) -> list[Token]:
    """The tokens of a script. What is not Groovy becomes signs. Raises Unparsable for a large one."""
    refuse_large(text)
    found: list[Token] = []
    unclosed: dict[str, int] = {}
    at = 0
    while at < len(text):
        blank = _BLANK.match(text, at)
        if blank:
            at = blank.end()
        elif text.startswith(("//", "/*"), at) or (at == 0 and text.startswith("#!")):
            at = _comment_end(text, at)
        else:
            token, at = _token(text, at, found[-1] if found else None, unclosed)
            found.append(token)
    return found


def _comment_end(text: str, at: int) -> int:
    if text.startswith("/*", at):
        end = text.find("*/", at + 2)
        return len(text) if end < 0 else end + 2
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _token(text: str, at: int, last: Token | None, unclosed: dict[str, int]) -> tuple[Token, int]:
    quote = _quote(text, at, last)
    if quote and at >= unclosed.get(quote, 0):
        start = at + len(quote)
        body = _STRINGS[quote].match(text, start)
        end = body.end() if body else start
        closer = "/$" if quote == "$/" else quote
        if text.startswith(closer, end):
            return Token("string", text[start:end], start, end, quote), end + len(closer)
        unclosed[quote] = end  # up to there it is asked once
    for kind, pattern in (("word", _WORD), ("number", _NUMBER)):
        match = pattern.match(text, at)
        if match:
            return Token(kind, match[0], at, match.end()), match.end()
    return Token("sign", text[at], at, at + 1), at + 1


def _quote(text: str, at: int, last: Token | None) -> str:
    if text[at] not in "'\"/$":
        return ""
    for quote in _STRINGS:
        if text.startswith(quote, at):
            is_slashy = quote in ("/", "$/")
            return "" if is_slashy and not _may_begin(last) else quote
    return ""


def _may_begin(last: Token | None) -> bool:
    """Whether a value may begin behind a token, where a slash would not divide."""
    if last is None:
        return True
    if last.kind == "word":
        return last.text in _OPENERS
    return last.kind == "sign" and last.text not in ")]}"
