"""Files of variables, one a line: ``NAME=value``.

The rules are those of Compose
(https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/).
"""

import re
from typing import NamedTuple

_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*"
    r"(?:'(?P<single>[^'\r\n]*)'|\"(?P<double>[^\"\r\n]*)\"|(?P<plain>[^\s'\"#][^\r\n]*)?)"
    r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?\r?$",
    re.MULTILINE,
)
_REMARK = re.compile(r"(?<=[ \t])#")


class Setting(NamedTuple):
    """One variable: its value, and the characters where that stands.

    The value is None where the file says it in a way that is more than these characters.
    """

    name: str
    value: str | None
    start: int
    end: int


def settings(text: str) -> dict[str, Setting]:
    """The variables of a file by name; the last one wins. Lines of another shape are passed over."""
    found: dict[str, Setting] = {}
    for match in _LINE.finditer(text):
        kind = match.lastgroup or "name"
        value = "" if kind == "name" else match[kind]
        if kind == "plain":
            value = _REMARK.split(value, maxsplit=1)[0].rstrip()
        start = match.start(kind)
        end = start + len(value)
        known = kind == "single" or not re.search(r"[$\\]", value)
        found[match["name"]] = Setting(match["name"], value if known else None, start, end)
    return found
