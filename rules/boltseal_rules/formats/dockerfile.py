"""Dockerfiles as instructions, whose words know their bytes.

``dockerfile_lines`` puts the lines together and ``dockerfile_words`` finds the words. dockerfile-parse
is the second reader: before an edited file is written, both must see the same instructions.
"""

import io
from typing import NamedTuple

from boltseal.source import Unparsable
from boltseal_rules.formats import directives, variables
from boltseal_rules.formats.directives import Directives
from boltseal_rules.formats.dockerfile_lines import logical_lines, masked
from boltseal_rules.formats.dockerfile_words import (
    Line,
    Word,
    flags,
    name_of,
    plain_words,
    quoted_words,
)
from boltseal_rules.formats.size import refuse_large


class Instruction(NamedTuple):
    """One instruction.

    ``name`` is in upper case, ``first_line`` and ``last_line`` are 1-based, ``flags`` are its
    words that begin with ``--``, freed of quotes; the rest of ``line`` begins at ``start``.
    """

    name: str
    first_line: int
    last_line: int
    flags: tuple[Word, ...]
    line: Line
    start: int
    escape: str

    def flag_values(self, name: str) -> list[Word]:
        """The values of ``--name=value``, as often as it is given."""
        prefix = f"--{name}="
        return [f.cut(len(prefix)) for f in self.flags if f.text.startswith(prefix)]

    def plain_words(self) -> list[Word]:
        """The words after the flags, quotes being nothing special."""
        return plain_words(self.line, self.start)

    def quoted_words(self) -> list[Word]:
        """The words after the flags, quotes holding them together."""
        return quoted_words(self.line, self.start, self.escape)

    def trigger(self) -> "Instruction | None":
        """The instruction that ``ONBUILD`` puts off; None for any other."""
        if self.name != "ONBUILD":
            return None
        return _instruction(self.line, self.start, (self.first_line, self.last_line), self.escape)


class Dockerfile(NamedTuple):
    """A Dockerfile: its instructions, and the directives above them."""

    instructions: tuple[Instruction, ...]
    directives: Directives

    @property
    def syntax(self) -> variables.Syntax:
        """How its words expand."""
        return variables.BACKTICK if self.directives.escape == "`" else variables.BACKSLASH


def read(data: bytes) -> Dockerfile:
    """Read a Dockerfile. Raises Unparsable for a NUL byte, a heredoc without end, a large file."""
    refuse_large(data)
    nul = data.find(b"\0")
    if nul >= 0:
        raise Unparsable("a NUL byte: not a text file", nul)
    found = directives.read(data)
    logical = list(logical_lines(data, found.escape))
    instructions = (
        _instruction(
            line.line,
            0,
            (line.stretches[0].number + 1, line.stretches[-1].number + 1),
            found.escape,
        )
        for line in logical
    )
    return Dockerfile(tuple(i for i in instructions if i), found)


def begins_with_from(data: bytes) -> bool:
    """Whether the first instruction after any ``ARG`` is a well-formed ``FROM``.

    Strict, because other formats begin with that word as well: Python, SQL, a letter.
    """
    if b"\0" in data:
        return False
    escape = directives.read(data).escape
    try:
        for logical in logical_lines(data, escape):
            if logical.name == "FROM":
                return _is_from(_instruction(logical.line, 0, (1, 1), escape))
            if logical.name != "ARG":
                return False
    except Unparsable:
        return False
    return False


def _is_from(instruction: Instruction | None) -> bool:
    words = [word.text.lower() for word in instruction.plain_words()] if instruction else []
    return len(words) == 1 or (len(words) == 3 and words[1] == "as")


def outline(data: bytes) -> list[tuple[str, int, int]]:
    """The name, first and last line (1-based) of every instruction, as dockerfile-parse reads them.

    It is slow to load and knows no heredocs: these are masked for it. Raises Unparsable as ``read``.
    """
    from dockerfile_parse import DockerfileParser

    logical = list(logical_lines(data, directives.read(data).escape))
    structure = DockerfileParser(fileobj=io.BytesIO(masked(data, logical))).structure
    return [
        (i["instruction"], i["startline"] + 1, i["endline"] + 1)
        for i in structure
        if i["instruction"] != "COMMENT"
    ]


def _instruction(line: Line, start: int, lines: tuple[int, int], escape: str) -> Instruction | None:
    name, end = name_of(line, start)
    if not name:
        return None
    found, rest = flags(line, end, escape)
    return Instruction(name, *lines, tuple(found), line, rest, escape)
