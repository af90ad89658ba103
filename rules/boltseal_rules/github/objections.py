"""What else a workflow does with a name: what a digest in its value would change."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from boltseal.use import Opaque

_NAME = re.compile(
    r"\b(?:matrix|env|inputs|needs|github)(?:\.[A-Za-z_][\w-]*|\[[ \t]*'[^'\n]*'[ \t]*\])+",
    re.IGNORECASE,
)
_STEP = re.compile(r"\.([^.\[\]]+)|\[[ \t]*'([^'\n]*)'[ \t]*\]")
_COMPARED_BEFORE = re.compile(r"(?<!'')[ \t]*[!=]=[ \t]*$")
_COMPARED_BEHIND = re.compile(r"[ \t]*[!=]=(?![ \t]*(?:''(?!')|null|true|false))")
_CALLED = re.compile(r"\b(?:contains|startsWith|endsWith)[ \t]*\([^()]*$", re.IGNORECASE)
_OPENED = re.compile(r"([\w:@/.-]?)\$\{\{[ \t]*$")
_CLOSED = re.compile(r"[ \t]*\}\}([\w:@/.-]?)")
_SHOWN = re.compile(r"[ \t-]*(?:name|run-name|key|restore-keys|group|title)[\"']?[ \t]*:")
_SHELL = re.compile(r"\$\{?([A-Za-z_]\w*)\}?[:@/]")
_BEFORE = 120

_COMPARED = Opaque(
    "the file also compares it with other text, and a digest would change the answer",
    "write the reference out where the image is named",
)
_JOINED = Opaque(
    "the file also puts it together with other text, which a digest would break",
    "write the reference out where the image is named",
)
EXCLUDED = Opaque(
    "the matrix excludes the same text, which must stay equal to it",
    "seal it in both places by hand",
)


def objections(text: str, starts: Sequence[int]) -> dict[tuple[int, str], Opaque]:
    """For each name that is compared or put together with text, in lower case: why it must stay.

    One pass over the text of a file, in which jobs begin at ``starts``. A name is written as
    ``matrix.os.image``. With it stands the index of its job for a name of a matrix, else 0.
    """
    found: dict[tuple[int, str], Opaque] = {}
    for match in _NAME.finditer(text):
        objection = _objection(text, match.start(), match.end())
        if objection:
            name = ".".join(_path(match[0]))
            job = bisect_right(starts, match.start()) if name.startswith("matrix.") else 0
            found.setdefault((job, name), objection)
    for match in _SHELL.finditer(text):
        found.setdefault((0, f"env.{match[1].lower()}"), _JOINED)
    return found


def _path(name: str) -> Iterator[str]:
    first = re.match(r"\w+", name)
    yield first[0].lower() if first else ""
    for match in _STEP.finditer(name):
        yield (match[1] or match[2] or "").lower()


def _objection(text: str, start: int, end: int) -> Opaque | None:
    line = max(text.rfind("\n", max(start - _BEFORE, 0), start) + 1, start - _BEFORE, 0)
    before = text[line:start]
    if _COMPARED_BEFORE.search(before) or _COMPARED_BEHIND.match(text, end):
        return _COMPARED
    if _CALLED.search(before):
        return _COMPARED
    opened, closed = _OPENED.search(before), _CLOSED.match(text, end)
    if opened and closed and (opened[1] or closed[1]) and not _SHOWN.match(before):
        return _JOINED
    return None
