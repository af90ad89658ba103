"""Images that shell commands pull: in scripts, makefiles, justfiles, units, and steps of CI."""

import re
from collections.abc import Callable, Iterator

from boltseal.example import Example
from boltseal.place import Found, Guide, Peers, Place
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.block import block
from boltseal_rules.ci_scripts import built, keys_of, pieces
from boltseal_rules.embedded_yaml import moved
from boltseal_rules.formats import command_lines
from boltseal_rules.formats.command_lines import CommandLines
from boltseal_rules.formats.yaml_tree import Scalar
from boltseal_rules.literal import distinct, shown
from boltseal_rules.shell_uses import command_uses, commands_of, untagged

NAME = "shell"
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
_NEEDLES = (b"run", b"create", b"pull", b"image", b"debug", b"crane", b"skopeo")
_POWERSHELL = re.compile(r"(?<=[ \t])`(?=\r?\n)")
_TOOL = re.compile(r"docker|podman|nerdctl|kubectl|crane|skopeo|oc |\$", re.IGNORECASE)


def claims(path: str) -> bool:
    """Whether a file of this name may hold shell commands; what has no ending is not told by name."""
    return any(name.search(path) for name, _ in _FORMATS) or bool(keys_of(path))


def find(source: Source) -> Found | None:
    """The images that the commands of a file pull."""
    for name, lines in _FORMATS:
        if name.search(source.path):
            commands = commands_of(lines(_characters(source)))
            return Found(command_uses(source, NAME, commands, commands.made, loads=commands.loads))
    keys = keys_of(source.path)
    return Found(distinct(_ci_uses(source, keys))) if keys else None


def _characters(source: Source) -> str:
    """The bytes as characters: a script need not be UTF-8, and its commands are ASCII all the same."""
    text = source.data.decode("latin-1")
    return "\n" * source.bom + text[source.bom :]


def _ci_uses(source: Source, keys: frozenset[str]) -> Iterator[ImageUse]:
    """The same for commands in the texts of a YAML file, whose variables are their own."""
    try:
        found = [piece for piece in pieces(source, keys) if _TOOL.search(piece.scalar.value)]
        made = {untagged(name) for name in built(source)} if found else set()
    except Unparsable:
        return  # The place that keeps the file says so.
    texts = [_text(source, piece.scalar) for piece in found]
    commands = [commands_of(command_lines.script(_characters(text))) for text in texts]
    everywhere = frozenset(made.union(*(it.made for it in commands)))
    loads = any(it.loads for it in commands)
    for piece, text, done in zip(found, texts, commands, strict=True):
        where, whole = block(source, piece.scalar), shown(source, piece.scalar)
        for use in command_uses(text, NAME, done, everywhere, loads=loads):
            yield moved(use, source, where, whole, piece.route)


def _text(source: Source, scalar: Scalar) -> Source:
    """The text of a scalar as a file of its own, lines continued as in a shell."""
    text = _POWERSHELL.sub("\\\\", scalar.value)
    return Source(source.path, text.encode("utf-8", "surrogatepass"))


PLACE = Place(
    NAME,
    "Commands that pull images, in shell scripts, makefiles, justfiles, systemd units, steps of CI",
    claims,
    _NEEDLES,
    find,
    Guide(
        finds=(
            "`run`, `create` and `pull` of docker, podman and nerdctl, behind `sudo`, `env`, `time` …",
            "`kubectl run`, `create` and `debug` with `--image`, `kubectl set image`",
            "`crane digest`, `manifest`, `pull`, `copy`; the source of `skopeo copy` and `inspect`",
            "images in variables that the file sets in one place: shown there, with the commands",
            "scripts (`.sh`, `.bash`, `.zsh`, `.ksh`, `.bats`), makefiles, justfiles, `.service` units",
            "steps of GitHub, GitLab, CircleCI, Azure, Drone, Woodpecker and Travis",
        ),
        rewrites="nothing: an image in a command is reported, and its digest is written by hand",
        passes_over=(
            "commands in strings, comments, heredocs, arrays, and what `echo` prints",
            "what the same file builds or tags; what may have been loaded from an archive is a note",
            "options with their values; behind an option that is not known, a note in place of a guess",
            "`localhost/…` and image ids",
        ),
        examples=(
            Example(
                "run.sh",
                'IMAGE=postgres:17\nsudo docker run --rm -p 80:80 -e "A=b" nginx:1.27 \\\n  sh -c ls\n'
                'podman pull "$IMAGE"\n',
            ),
            Example("Makefile", "NODE ?= node:22\n\ntest:\n\t@docker run --rm $(NODE) npm test\n"),
        ),
        peers=Peers(),
    ),
    opt_in=True,
)
