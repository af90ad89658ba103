"""Jinja expressions as far as names go: ``{{ name }}``, put in or looked through.

Nothing is ever rendered: a filter, a test or an index makes a text unknown.
"""

import re
from collections.abc import Mapping

_NAME = r"[A-Za-z_]\w*"
_ACTION = re.compile(rf"\{{\{{-?[ \t]*({_NAME})[ \t]*-?\}}\}}")
_PATH = re.compile(rf"\{{\{{-?[ \t]*({_NAME}(?:\.{_NAME})*)[ \t]*-?\}}\}}")
_DEFAULT = re.compile(
    rf"\{{\{{-?[ \t]*(?P<name>{_NAME})[ \t]*\|[ \t]*(?:default|d)\([ \t]*"
    r"(?P<quote>['\"])(?P<value>[^'\"\\{}]*)(?P=quote)"
    r"[ \t]*(?:,[ \t]*[Tt]rue[ \t]*)?\)[ \t]*-?\}\}"
)
_MAX_ROUNDS = 8
_MAX_LENGTH = 4096


def variable(text: str) -> str | None:
    """The variable that is the whole of ``text``."""
    match = _ACTION.fullmatch(text.strip())
    return match[1] if match else None


def path(text: str) -> tuple[str, ...]:
    """The names of ``{{ item.image }}`` where that is the whole of ``text``, else nothing."""
    match = _PATH.fullmatch(text.strip())
    return tuple(match[1].split(".")) if match else ()


def default(text: str) -> tuple[str, str, int] | None:
    """The name and the value of a filter ``default`` with a literal, and where the value begins."""
    match = _DEFAULT.fullmatch(text)
    return (match["name"], match["value"], match.start("value")) if match else None


def names(text: str) -> tuple[str, ...]:
    """The variables that stand in ``text`` alone in their braces, in order."""
    return tuple(dict.fromkeys(match[1] for match in _ACTION.finditer(text)))


def expand(text: str, values: Mapping[str, str]) -> str | None:
    """``text`` with the values put in, and those in them; None where one is not known."""
    for _ in range(_MAX_ROUNDS):
        if "{{" not in text and "{%" not in text:
            return text
        after = _ACTION.sub(lambda match: values.get(match[1], match[0]), text)
        if after == text or len(after) > _MAX_LENGTH:
            return None
        text = after
    return None
