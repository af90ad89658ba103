"""The guide of ``places/shell.py``."""

from boltseal.example import Example
from boltseal.guide import Guide

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
