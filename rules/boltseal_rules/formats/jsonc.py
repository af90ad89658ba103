"""JSON with comments and trailing commas, made readable for the YAML parsers.

YAML 1.2 takes JSON as it is, trailing commas included; comments of JavaScript it does not know.
"""

import re

# A string goes on to its end or to that of its line, a comment without an end to that of the file.
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\\r\n]|\\[^\r\n])*"?)"""
    r"|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|\t"
)
_WITHIN_LINES = re.compile(r"[^\r\n]")


def mask(text: str) -> str:
    """The text with comments and tabs turned into spaces, character for character.

    Line ends stay where they are, and so does all that stands in strings.
    """
    return _TOKEN.sub(_blank, text)


def _blank(token: re.Match[str]) -> str:
    return token[0] if token["string"] is not None else _WITHIN_LINES.sub(" ", token[0])
