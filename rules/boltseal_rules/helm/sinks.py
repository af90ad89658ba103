"""Where the values among the pieces of a template end up: inside an image string, or elsewhere."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from boltseal_rules.helm.things import Branches, Path, Piece, Pieces, Read, Site, reads

_SPACE = re.compile(r"[\s\"'`]")
_KEY = re.compile(r"^[\s-]*[\"']?([^\s\"':{}]+)[\"']?:(?:\s|$)")
_MAX_DEPTH = 48
"""Choices inside one another beyond which nothing is looked at."""


class Sink(NamedTuple):
    """What becomes of a value at one site: '' inside an image string, else what would break.

    ``lead`` is the text right before it, as far as it is known.
    """

    path: Path
    problem: str
    site: Site
    lead: str = ""


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
        _, ended, last = piece.rpartition("\n")
        self.text = last if ended else self.text + last
        parts = _SPACE.split(last)
        if ended or len(parts) > 1:
            self.word = []
        self.word.append(parts[-1])


def sinks_of(pieces: Pieces) -> Iterator[Sink]:
    """Where the reads among the pieces end up."""
    yield from _scan(pieces, _Line(), ("", False), 0)


def _scan(pieces: Pieces, line: _Line, behind: tuple[Piece, bool], depth: int) -> Iterator[Sink]:
    """``behind`` is what follows the pieces, and whether the line is looked at after them."""
    if depth > _MAX_DEPTH:
        return
    for piece, following, watched in _telling(pieces, *behind):
        if isinstance(piece, Branches):
            begun = line.copy()
            for option in piece.options:
                branch = begun.copy()
                yield from _scan(option, branch, (following, watched), depth + 1)
                line.word += branch.word
                line.text = branch.text
            continue
        if isinstance(piece, Read) and not line.text.lstrip().startswith("#"):
            problem = _problem(piece.path, line, following)
            yield Sink(piece.path, problem, piece.site, _lead(line))
        line.add(piece)


def _telling(pieces: Pieces, behind: Piece, watched: bool) -> list[tuple[Piece, Piece, bool]]:
    """The reads, and what stands before them on their lines; each with what comes after it.

    That is the next piece that is not empty, and whether the line is looked at once more.
    """
    found: list[tuple[Piece, Piece, bool]] = []
    for piece in reversed(pieces):
        needed = watched or reads(piece)
        if needed:
            found.append((piece, behind, watched))
        if piece != "":
            behind = piece
        watched = needed and not (isinstance(piece, str) and "\n" in piece)
    return found[::-1]


def _lead(line: _Line) -> str:
    tail = next((piece for piece in reversed(line.word) if piece != ""), "")
    return tail if isinstance(tail, str) else ""


def _problem(path: Path, line: _Line, following: Piece) -> str:
    """Why a digest behind this value would be wrong here; '' inside an image string, or of one.

    In an image string a name and a colon stand before a tag, and nothing but a quote, white space
    or a digest behind it. The name is a value beside the tag, or the key on the line says 'image'.
    """
    while isinstance(following, Branches):
        following = next((p for p in following.options[0] if p != ""), "")
    lead = _lead(line)
    key = _KEY.match(line.text)
    named = any(isinstance(it, Read) and it.path[:-1] == path[:-1] for it in line.word)
    says = key is not None and key[1].lower().endswith("image") and line.text.rstrip() != lead
    if not lead.endswith((":", "@")) or lead == ":" == "".join(map(str, line.word)):
        named = says = False
    if not named and not says:
        where = f"'{key[1]}' takes it" if key else "it is written out"
        return f"{where} in a place that is no tag of an image"
    if isinstance(following, str):
        glued = following and not _SPACE.match(following) and following[0] not in "@,;)"
        return "text is put behind it" if glued else ""
    return "text is put behind it"
