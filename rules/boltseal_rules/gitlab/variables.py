"""Variables as GitLab puts them into an image: ``$X``, ``${X}``, and inputs ``$[[ inputs.x ]]``.

The rules are those of docs.gitlab.com, "Where variables can be used" (GitLab internal variable
expansion, which knows no defaults) and "CI/CD inputs". ``$$`` stands for a ``$`` that is none.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

INPUT = "inputs."
"""What the name of an input begins with, where it stands among variables."""
_PART = re.compile(
    r"\$\$|\$\[\[\s{0,9}(inputs\.[\w-]++)[^\[\]]*\]\]|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)",
    re.ASCII,
)
_JOINED = re.compile(
    r"(?<=[\w/:@.}-])\$(?:\{(\w+)\}|(\w++)|\[\[\s{0,9}(inputs\.[\w-]++)[^\[\]]{0,99}\]\])"
    r"|\$(?:\{(\w+)\}|(\w++)|\[\[\s{0,9}(inputs\.[\w-]++)[^\[\]]{0,99}\]\])"
    r"(?=\w|[/:@$.-][^\s\"'`),;.])",
    re.ASCII,
)
_MAX_PARTS = 200
_MAX_LENGTH = 4096


class Expanded(NamedTuple):
    """A text with its variables put in; those that are not known stand in it as ``${X}``."""

    text: str
    unknown: tuple[str, ...]


def whole(text: str) -> str | None:
    """The name of the one variable or input that makes up the whole text."""
    match = _PART.fullmatch(text.strip())
    return _name(match) if match else None


def joined(text: str) -> frozenset[str]:
    """The variables and inputs that are put together with other text somewhere in ``text``."""
    return frozenset(name for groups in _JOINED.findall(text) for name in groups if name)


def expand(text: str, lookup: Callable[[str], str | None]) -> Expanded | None:
    """Put values in, and values into these.

    ``lookup`` gives the text of a variable, None where it is not known. None comes back where the
    text cannot be read, or grows beyond reason (also by naming itself).
    """
    out: list[str] = []
    unknown: dict[str, None] = {}
    stack = [text]
    length = patience = 0
    while stack:
        rest = stack.pop()
        match = _PART.search(rest)
        literal = rest[: match.start()] if match else rest
        length += len(literal)
        patience += 1
        if "$" in literal or length > _MAX_LENGTH or patience > _MAX_PARTS:
            return None
        out.append(literal)
        if match is None:
            continue
        name = _name(match)
        if name is None:
            return None
        stack.append(rest[match.end() :])
        value = lookup(name)
        if value is None:
            unknown[name] = None
            out.append(f"${{{name}}}")
        else:
            stack.append(value)
    return Expanded("".join(out), tuple(unknown))


def _name(match: re.Match[str]) -> str | None:
    return match[1] or match[2] or match[3]
