"""Images that shell commands pull: in scripts, makefiles, justfiles, units, and steps of CI."""

import re
from collections.abc import Callable, Iterator

from boltseal.example import Example
from boltseal.place import Found, Guide, Place
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.block import block
from boltseal_rules.ci_scripts import keys_of, pieces
from boltseal_rules.embedded_yaml import moved
from boltseal_rules.formats import command_lines
from boltseal_rules.formats.command_lines import CommandLines
from boltseal_rules.literal import distinct, shown
from boltseal_rules.shell_uses import command_uses

NAME = "shell"
_FORMATS: tuple[tuple[re.Pattern[str], Callable[[str], CommandLines]], ...] = (
    (re.compile(r"\.(?:sh|bash|zsh|ksh|bats)$"), command_lines.script),
    (
        re.compile(r"(?:^|/)(?:GNUmakefile|[Mm]akefile(?:\.[^/]*)?|[^/]+\.(?:mk|make))$"),
        command_lines.makefile,
    ),
    (re.compile(r"(?:^|/)(?:\.?[Jj]ustfile|[^/]+\.just)$"), command_lines.justfile),
    (re.compile(r"\.service$"), command_lines.unit),
)
_NEEDLES = (b"run", b"create", b"pull", b"image", b"debug", b"crane", b"skopeo")
_VERB = re.compile("|".join(needle.decode() for needle in _NEEDLES))


def claims(path: str) -> bool:
    """Whether a file of this name may hold shell commands; what has no ending is not told by name."""
    return any(name.search(path) for name, _ in _FORMATS) or bool(keys_of(path))


def find(source: Source) -> Found | None:
    """The images that the commands of a file pull."""
    for name, lines in _FORMATS:
        if name.search(source.path):
            return Found(command_uses(source, NAME, lines(source.text)))
    keys = keys_of(source.path)
    return Found(distinct(_ci_uses(source, keys))) if keys else None


def _ci_uses(source: Source, keys: frozenset[str]) -> Iterator[ImageUse]:
    """The same for commands in the texts of a YAML file, each text by itself."""
    for piece in pieces(source, keys):
        if not _VERB.search(piece.scalar.value):
            continue
        text = Source(source.path, piece.scalar.value.encode("utf-8", "surrogatepass"))
        found = command_uses(text, NAME, command_lines.script(text.text))
        where, whole = block(source, piece.scalar), shown(source, piece.scalar)
        yield from (moved(use, source, where, whole, piece.route) for use in found)


PLACE = Place(
    NAME,
    "Commands that pull images, in shell scripts, makefiles, justfiles, systemd units, steps of CI",
    claims,
    _NEEDLES,
    find,
    Guide(
        finds=("`docker run IMAGE`",),
        rewrites="nothing",
        examples=(Example("run.sh", "docker run --rm -p 80:80 nginx:1.27\n"),),
    ),
    opt_in=True,
)
