"""Texts of commands in files: whole scripts, recipes, units, and the steps of CI services.

What commands build is known for the whole tree: a script may run what a makefile has built.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from boltseal.source import Source, Tree, Unparsable
from boltseal_rules.formats import command_lines
from boltseal_rules.formats.command_lines import CommandLines
from boltseal_rules.formats.yaml_tree import Scalar
from boltseal_rules.shell.ci_scripts import Piece, built, keys_of, pieces
from boltseal_rules.shell.uses import Commands, commands_of, untagged

_FORMATS: tuple[tuple[re.Pattern[str], Callable[[str], CommandLines]], ...] = (
    (re.compile(r"\.(?:sh|bash|zsh|ksh|bats)$"), command_lines.script),
    (
        re.compile(
            r"(?:^|/)(?:GNUmakefile|[Mm]akefile(?:\.(?!txt$|md$)[^/]*)?|[^/]+\.(?:mk|make))$"
        ),
        command_lines.makefile,
    ),
    (re.compile(r"(?:^|/)(?:\.?[Jj]ustfile|[^/]+\.just)$"), command_lines.justfile),
    (re.compile(r"\.service$"), command_lines.unit),
)
_TOOL = re.compile(r"docker|podman|nerdctl|kubectl|crane|skopeo|build|oc |\$", re.IGNORECASE)
_BUILD = re.compile(rb"build|\btag\b|commit")
_POWERSHELL = re.compile(r"(?<=[ \t])`(?=\r?\n)")
_MAX_FILES = 5000
"""Files of a tree beyond which no more are asked for what they build."""


class Text(NamedTuple):
    """One text: the file that it is, or one of its own for the text of a scalar; its commands."""

    source: Source
    commands: Commands
    piece: Piece | None = None


class Texts(NamedTuple):
    """The texts of a file, and what all of them make."""

    texts: tuple[Text, ...] = ()
    made: frozenset[str] = frozenset()


def claims(path: str) -> bool:
    """Whether a file of this name may hold commands; what has no ending is not told by name."""
    return any(name.search(path) for name, _ in _FORMATS) or bool(keys_of(path))


def texts_of(source: Source) -> Texts:
    """The texts of commands in a file; a step cannot be told in what is no YAML."""
    for name, lines in _FORMATS:
        if name.search(source.path):
            commands = commands_of(lines(_characters(source)))
            return Texts((Text(source, commands),), commands.made)
    try:
        found = [it for it in pieces(source, keys_of(source.path)) if _TOOL.search(it.scalar.value)]
        made = {untagged(name) for name in built(source)} if found else set()
    except Unparsable:
        return Texts()  # The place that keeps the file says so.
    texts = tuple(_step(source, piece) for piece in found)
    return Texts(texts, frozenset(made.union(*(text.commands.made for text in texts))))


@lru_cache(maxsize=4)
def built_in(tree: Tree) -> frozenset[str]:
    """The names that commands anywhere in a tree give to what they build."""
    made: set[str] = set()
    for path in tree.files(tree.root, claims)[:_MAX_FILES]:
        source = tree.read(path)
        if source and _BUILD.search(source.data):
            made |= {name for name in texts_of(source).made if "$" not in name}
    return frozenset(made)


def _step(source: Source, piece: Piece) -> Text:
    text = _source_of(source, piece.scalar)
    return Text(text, commands_of(command_lines.script(_characters(text))), piece)


def _source_of(source: Source, scalar: Scalar) -> Source:
    """The text of a scalar as a file of its own, lines continued as in a shell."""
    text = _POWERSHELL.sub("\\\\", scalar.value)
    return Source(source.path, text.encode("utf-8", "surrogatepass"))


def _characters(source: Source) -> str:
    """The bytes as characters: a script need not be UTF-8, and its commands are ASCII all the same."""
    text = source.data.decode("latin-1")
    return "\n" * source.bom + text[source.bom :]
