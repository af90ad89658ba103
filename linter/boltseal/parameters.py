"""What several commands take: their arguments and options, each with its help."""

from pathlib import Path
from typing import Annotated

import typer

from boltseal.completion import place_names
from boltseal.report.form import Format
from boltseal.resolve.options import MirrorUse

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH",
        help="Files and folders to look at; '-' is standard input. Default: the current folder.",
        show_default=False,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="GLOB",
        help="Also look at files that match, whatever they are called. May be repeated.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="GLOB",
        help="Leave out files and folders that match, written as in .gitignore. May be repeated.",
    ),
]
StdinName = Annotated[
    str | None,
    typer.Option(
        "--stdin-filename",
        metavar="NAME",
        help="The name of what comes on standard input; it tells the format.",
    ),
]
Form = Annotated[
    Format,
    typer.Option("--format", help="Text for people, or one JSON object a line for programs."),
]
AuthFile = Annotated[
    Path | None,
    typer.Option(
        "--auth-file",
        metavar="FILE",
        envvar="BOLTSEAL_AUTH_FILE",
        help="A file of logins to look in first: Docker's config.json, Podman's auth.json, or the "
        "decoded .dockerconfigjson of a Kubernetes Secret.",
    ),
]
Enable = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        metavar="NAME",
        autocompletion=place_names,
        help="Also look in a place that is not looked in by default, such as 'shell'. "
        "May be repeated.",
    ),
]
Disable = Annotated[
    list[str] | None,
    typer.Option(
        "--no-place",
        metavar="NAME",
        autocompletion=place_names,
        help="Do not look in a place; findings name theirs. May be repeated.",
    ),
]
FromLayout = Annotated[
    Path | None,
    typer.Option(
        "--from-layout",
        metavar="PATH",
        help="Take digests from an OCI image layout, a directory or a tar archive of it, "
        "instead of registries. Needs no network.",
    ),
]
PlainHttp = Annotated[
    list[str] | None,
    typer.Option(
        "--plain-http",
        metavar="HOST",
        help="A registry that may be asked without TLS, with its port. May be repeated. "
        "Loopback addresses always may.",
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="Say nothing of progress, rate limits, and what registries announce. Errors, "
        "warnings and findings are still shown.",
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        help="Show every exchange with a registry on standard error, without secrets.",
    ),
]
AllowRegistry = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-registry",
        metavar="HOST",
        help="Ask only this registry, or a part of it as in registry.example.com/team, or those "
        "below a domain as in *.example.com. May be repeated.",
    ),
]
Mirrors = Annotated[
    MirrorUse | None,
    typer.Option(
        "--mirrors",
        help="What the mirrors of registries.conf are asked for: 'origin', only digests, where the "
        "origin cannot be reached; 'fallback', tags too; 'first', both, before the origin. A "
        "mirror's answer for a tag may be old. Default: origin.",
        show_default=False,
    ),
]
