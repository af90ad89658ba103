"""Heredocs of Dockerfiles: which ones an instruction begins.

The rules are those of BuildKit, ``heredocsFromLine`` and ``ParseHeredoc`` in
``frontend/dockerfile/parser/parser.go``. The escape character is always the backslash there, also
under ``# escape=``. No test for the JSON form is needed: it has no word that begins with ``<<``.
"""

import re
from typing import NamedTuple

from boltseal.pattern import pattern
from boltseal_rules.formats import variables

# One shell word. ``<<`` takes the blanks after it into the word.
_WORD = pattern(
    r"""(?:'[^']*' | "(?:[^"\\]|\\.)*" | \\. | <<[\t\r ]* | [^\t-\r '"\\])+""",
    re.VERBOSE | re.DOTALL,
)
_HEREDOC = pattern(r"[0-9]*<<(?P<chomp>-?)(?P<blanks>[\t-\r ]*)(?P<rest>[^<]*)", re.DOTALL)


class Heredoc(NamedTuple):
    """One heredoc: ``name`` ends it, after leading tabs if ``chomp``; ``at`` is where it is begun.

    ``is_spaced`` marks ``<< EOF``, which BuildKit took for a heredoc only from some version on.
    """

    name: str
    chomp: bool
    is_spaced: bool
    at: int

    @property
    def terminator(self) -> bytes:
        """The line that ends it, without its line end."""
        return self.name.encode("latin-1")


def begun_by(line: str) -> list[Heredoc]:
    """The heredocs that an instruction, continuation lines joined, begins.

    A line with an open quote or a broken variable begins none.
    """
    if "<<" not in line or variables.parse(line, variables.BACKSLASH) is None:
        return []
    out = []
    for word in _WORD.finditer(line):
        match = _HEREDOC.fullmatch(word[0])
        name = variables.unquote(match["rest"], variables.BACKSLASH) if match else None
        if match and name:
            out.append(Heredoc(name, bool(match["chomp"]), bool(match["blanks"]), word.start()))
    return out
