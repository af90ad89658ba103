"""The change of one file as a unified diff, byte for byte."""

import re
from collections.abc import Iterator

_CONTEXT = 3
_TO_QUOTE = re.compile(rb"[\x00-\x1f\x7f\"\\]")
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def unified(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """The lines of a diff that ``git apply`` and ``patch -p1`` accept; none where nothing changed.

    Both must have the same number of lines, as they do before and after a fix: so each line stands
    against its own, and no line is shown as changed that is not. Raises ValueError otherwise.
    """
    old, new = _lines(before), _lines(after)
    changed = [index for index, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    if not changed:
        return
    yield b"--- " + _name(b"a/", path) + b"\n"
    yield b"+++ " + _name(b"b/", path) + b"\n"
    for first, last in _hunks(changed, len(old)):
        at = f"{first + 1},{last - first}"
        yield f"@@ -{at} +{at} @@\n".encode()
        yield from _hunk(old[first:last], new[first:last])


def _hunks(changed: list[int], count: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of lines: those changed with their context, joined where they meet."""
    first = max(0, changed[0] - _CONTEXT)
    last = changed[0]
    for index in changed:
        if index - last > 2 * _CONTEXT:
            yield first, min(count, last + _CONTEXT + 1)
            first = index - _CONTEXT
        last = index
    yield first, min(count, last + _CONTEXT + 1)


def _hunk(old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    """The lines of one hunk; changed lines in a row come as a block of old and a block of new."""
    added: list[bytes] = []
    for before, after in zip(old, new, strict=True):
        if before != after:
            yield _ended(b"-" + before)
            added.append(_ended(b"+" + after))
            continue
        yield from added
        added = []
        yield _ended(b" " + before)
    yield from added


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + _NO_NEWLINE


def _lines(data: bytes) -> list[bytes]:
    # Only '\n' ends a line in a diff: a lone '\r' or a form feed belongs to its line.
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _name(prefix: bytes, path: str) -> bytes:
    name = prefix + path.removeprefix("/").encode("utf-8", "surrogateescape")
    if _TO_QUOTE.search(name):  # as git does, so that no name can end its line or steer a terminal
        return b'"' + _TO_QUOTE.sub(lambda match: b"\\%03o" % ord(match[0]), name) + b'"'
    # As git does, a tab follows a name with a space in it, so that its end is known.
    return name + b"\t" if b" " in name else name
