"""Where the values among the pieces of a template end up: inside an image string, or elsewhere."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal_rules.helm.things import Branches, Path, Piece, Pieces, Read, Site

_SPACE = re.compile(r"[\s\"'`]")
_KEY = re.compile(r"^[\s-]*[\"']?([^\s\"':{}]+)[\"']?:(?:\s|$)")
_MAX_DEPTH = 48
"""Choices inside one another beyond which nothing is looked at."""


class Sink(NamedTuple):
    """What becomes of a value at one site: '' inside an image string, else what would break."""

    path: Path
    problem: str
    site: Site


class _Line:
    """What stands before a piece: the line so far, and in it the word so far."""

    def __init__(self) -> None:
        self.text = ""
        self.word: list[Piece] = []

    def copy(self) -> "_Line":
        other = _Line()
        other.text, other.word = self.text, list(self.word)
        return other

    def add(self, piece: Piece) -> None:
        if not isinstance(piece, str):
            self.text += "…"
            self.word.append(piece)
            return
        self.text = f"{self.text}{piece}".rpartition("\n")[2]
        parts = _SPACE.split(piece)
        if len(parts) > 1:
            self.word = []
        self.word.append(parts[-1])


def sinks_of(pieces: Pieces) -> Iterator[Sink]:
    """Where the reads among the pieces end up."""
    line = _Line()
    yield from _scan(pieces, line, "", 0)


def _scan(pieces: Pieces, line: _Line, behind: Piece, depth: int) -> Iterator[Sink]:
    if depth > _MAX_DEPTH:
        return
    for index, piece in enumerate(pieces):
        following = next((p for p in pieces[index + 1 :] if p != ""), behind)
        if isinstance(piece, Branches):
            begun = line.copy()
            for option in piece.options:
                branch = begun.copy()
                yield from _scan(option, branch, following, depth + 1)
                line.word += branch.word
                line.text = branch.text
            continue
        if isinstance(piece, Read) and not line.text.lstrip().startswith("#"):
            yield Sink(piece.path, _problem(line, following), piece.site)
        line.add(piece)


def _problem(line: _Line, following: Piece) -> str:
    """Why a digest behind this value would be wrong here; '' inside an image string, or of one.

    A name and a colon stand before a tag in an image string, and nothing but a quote, white space
    or a digest behind it.
    """
    while isinstance(following, Branches):
        following = next((p for p in following.options[0] if p != ""), "")
    before = [piece for piece in line.word if piece != ""]
    tail = before[-1] if before else ""
    if not isinstance(tail, str) or not tail.endswith(":") or (len(before) == 1 and tail == ":"):
        key = _KEY.match(line.text)
        where = f"'{key[1]}' takes it" if key else "it is written out"
        return f"{where} in a place that is no tag of an image"
    if isinstance(following, str):
        glued = following and not _SPACE.match(following) and following[0] not in "@,;)"
        return "text is put behind it" if glued else ""
    return "text is put behind it"
