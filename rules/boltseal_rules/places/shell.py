"""Images that shell commands pull: in scripts, makefiles, justfiles, units, and steps of CI."""

from collections.abc import Iterator

from boltseal.example import Example
from boltseal.guide import Guide
from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.block import block
from boltseal_rules.embedded_yaml import moved
from boltseal_rules.literal import distinct, shown
from boltseal_rules.shell import texts
from boltseal_rules.shell.texts import Text, built_in, texts_of
from boltseal_rules.shell.uses import Made, command_uses

NAME = "shell"


def claims(path: str) -> bool:
    """Whether a file of this name may hold commands."""
    return texts.claims(path)


def find(source: Source) -> Found | None:
    """The images that the commands of a file pull."""
    found = texts_of(source)
    loads = any(text.commands.loads for text in found.texts)
    made = Made(found.made, lambda: built_in(source.tree), loads)
    return Found(distinct(use for text in found.texts for use in _uses(source, text, made)))


def _uses(source: Source, text: Text, made: Made) -> Iterator[ImageUse]:
    uses = command_uses(text.source, NAME, text.commands, made)
    if text.piece is None:
        yield from uses
        return
    where, whole = block(source, text.piece.scalar), shown(source, text.piece.scalar)
    yield from (moved(use, source, where, whole, text.piece.route) for use in uses)


GUIDE = Guide(
    "Commands that pull images, in shell scripts, makefiles, justfiles, systemd units, steps of CI",
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
        "what the same file builds or tags",
        "what is run and may be loaded from an archive or built by another file: a note",
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
)
