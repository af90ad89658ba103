"""Parser directives at the top of a Dockerfile: ``# syntax=``, ``# escape=``, ``# check=``.

The rules are those of BuildKit, ``frontend/dockerfile/parser/directives.go``.
"""

from collections.abc import Iterator
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal.source import BOM, Span

DEFAULT_ESCAPE = "\\"
_DIRECTIVE = pattern(rb"#[\t-\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t-\r ]*=[\t-\r ]*(.+?)[\t-\r ]*")
_KNOWN = frozenset({b"syntax", b"escape", b"check"})


class Directives(NamedTuple):
    """``escape`` is the escape character, ``syntax`` where the reference of the frontend stands."""

    escape: str
    syntax: Span | None


def read(data: bytes) -> Directives:
    """Read the directives of a Dockerfile. Raises nothing."""
    escape, syntax = DEFAULT_ESCAPE, None
    for key, value in _directives(data, strip=True):
        text = data[value.start : value.end]
        if key == b"escape" and text in (b"\\", b"`"):
            escape = text.decode()
            break
    for key, value in _directives(data, strip=False):
        if key == b"syntax":
            # ``syntax=frontend options``: only a space ends the reference.
            end = data.find(b" ", value.start, value.end)
            syntax = value if end < 0 else Span(value.start, end)
            break
    return Directives(escape, syntax)


def _directives(data: bytes, *, strip: bool) -> Iterator[tuple[bytes, Span]]:
    """Keys in lower case with the places of their values.

    BuildKit reads the block twice. The parser, which wants ``escape``, allows space before ``#``
    (``strip``) and takes a shebang for a comment, which ends the block; the search for ``syntax``
    is strict about the space and skips the shebang.
    """
    at = len(BOM) if data.startswith(BOM) else 0
    if not strip and data.startswith(b"#!", at):
        at = data.find(b"\n", at) + 1 or len(data)
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line = data[at:end]
        indent = len(line) - len(line.lstrip()) if strip else 0
        match = _DIRECTIVE.fullmatch(line, indent)
        if not match or match[1].lower() not in _KNOWN:
            return
        yield match[1].lower(), Span(at + match.start(2), at + match.end(2))
        at = end + 1
