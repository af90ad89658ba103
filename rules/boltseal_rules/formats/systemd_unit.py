"""Unit files of systemd: sections with settings that know where their values stand.

The syntax is that of systemd.syntax(7).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_SECTION = re.compile(r"\[([^\[\]\r\n]+)\]\s*")
_BLANKS = " \t\r\n"


class Setting(NamedTuple):
    """One assignment.

    ``value`` is without white space around it, lines that continue it joined by a space. It stands
    from character ``start`` to ``end``, and ``whole`` tells that it does so letter by letter.
    """

    section: str
    key: str
    value: str
    start: int
    end: int
    whole: bool


def settings(text: str) -> Iterator[Setting]:
    """The assignments of a unit file in order. Lines that are none are passed over."""
    section = ""
    for pieces in _logical_lines(text):
        line = " ".join(text[start:end] for start, end in pieces)
        header = _SECTION.fullmatch(line.strip(_BLANKS))
        if header:
            section = header[1]
            continue
        key, equals, _ = line.partition("=")
        first, last = pieces[0], pieces[-1]
        begin = first[0] + len(key) + 1
        if not equals or begin > first[1]:
            continue
        value = line[len(key) + 1 :].strip(_BLANKS)
        whole = len(pieces) == 1
        start = begin + _leading(text[begin : first[1]])
        end = start + len(value) if whole else max(start, last[1])
        yield Setting(section, key.strip(_BLANKS), value, start, end, whole)


def last_of(found: list[Setting], section: str, key: str) -> Setting | None:
    """The assignment that counts where a setting takes one value: the last; None if it is empty."""
    matching = [s for s in found if s.section == section and s.key == key]
    return matching[-1] if matching and matching[-1].value else None


def all_of(found: list[Setting], section: str, key: str) -> list[Setting]:
    """The assignments that count where a setting is a list: those after the last empty one."""
    kept: list[Setting] = []
    for setting in found:
        if setting.section == section and setting.key == key:
            kept = [*kept, setting] if setting.value else []
    return kept


def _logical_lines(text: str) -> Iterator[list[tuple[int, int]]]:
    """The lines, each as the ranges that a backslash at the end of a line ties together.

    Comments between them are left out. A comment itself is never continued.
    """
    pieces: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        line = match[0].rstrip("\r\n")
        if line.lstrip(" \t").startswith(("#", ";")):
            continue
        continued = line.endswith("\\")
        end = match.start() + len(line) - continued
        if line.strip() or pieces:
            pieces.append((match.start(), end))
        if pieces and not continued:
            yield pieces
            pieces = []
    if pieces:
        yield pieces


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip(_BLANKS))
