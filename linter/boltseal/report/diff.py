"""The change of one file as a unified diff, byte for byte."""

import difflib
from collections.abc import Iterator

NO_NEWLINE = b"\\ No newline at end of file\n"


def unified(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    """The lines of a diff that ``git apply`` and ``patch -p1`` accept; none where nothing changed."""
    if before == after:
        return
    # Only '\n' ends a line in a diff: a lone '\r' or a form feed belongs to its line.
    old, new = _lines(before), _lines(after)
    lines = difflib.diff_bytes(
        difflib.unified_diff, old, new, _name(b"a/", path), _name(b"b/", path), lineterm=b"\n"
    )
    for line in lines:
        yield line if line.endswith(b"\n") else line + b"\n" + NO_NEWLINE


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _name(prefix: bytes, path: str) -> bytes:
    name = prefix + path.removeprefix("/").encode("utf-8", "surrogateescape")
    # As git does, a tab follows a name with a space in it, so that its end is known.
    return name + b"\t" if b" " in name else name
