"""What several commands take: their arguments and options, each with its help."""

from pathlib import Path
from typing import Annotated, Any

import typer

from boltseal.cli.completion import place_names, rule_names
from boltseal.finding import Severity
from boltseal.report.form import Format, UseFormat
from boltseal.resolve.options import MirrorUse

# The headings below which --help shows the options.
LOOKED_AT = "What is looked at"
CHOSEN = "Which findings"
REPORTED = "How they are reported"
OLD = "An old code base"
ASKED = "Registries"


def switch(*names: str, says: str, panel: str | None = None) -> Any:
    """An option without a value. Without the empty word --help would show '<bool>' for one."""
    return typer.Option(*names, metavar="", help=says, rich_help_panel=panel)


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
        rich_help_panel=LOOKED_AT,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="GLOB",
        help="Leave out files and folders that match, written as in .gitignore. May be repeated.",
        rich_help_panel=LOOKED_AT,
    ),
]
StdinName = Annotated[
    str | None,
    typer.Option(
        "--stdin-filename",
        metavar="NAME",
        help="The name of what comes on standard input; it tells the format.",
        rich_help_panel=LOOKED_AT,
    ),
]
Form = Annotated[
    Format,
    typer.Option(
        "--format",
        metavar="FORM",
        help="How findings are written to standard output: "
        f"{', '.join([*Format][:-1])} or {[*Format][-1]}.",
        rich_help_panel=REPORTED,
    ),
]
UseForm = Annotated[
    UseFormat,
    typer.Option("--format", help="Text for people, or one JSON object a line for programs."),
]
Output = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="FORM=FILE",
        help="Also write a report of this form to a file, such as sarif=boltseal.sarif. "
        "May be repeated.",
        rich_help_panel=REPORTED,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="RULE",
        autocompletion=rule_names,
        help="Ask this rule only, whatever the configuration says; 'boltseal rule' lists them. "
        "May be repeated.",
        rich_help_panel=CHOSEN,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="RULE",
        autocompletion=rule_names,
        help="Do not ask this rule. May be repeated.",
        rich_help_panel=CHOSEN,
    ),
]
Least = Annotated[
    Severity,
    typer.Option(
        "--severity",
        metavar="LEVEL",
        help="Leave out findings that matter less than this: error, warning or note. Notes never "
        "fail a run.",
        rich_help_panel=CHOSEN,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="REV",
        help="Only findings on lines that were changed since the working tree left this revision "
        "of git, such as origin/main. What is not committed counts too.",
        show_default=False,
        rich_help_panel=CHOSEN,
    ),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="Leave out the findings that this file knows, and say which of them are gone.",
        show_default=False,
        rich_help_panel=OLD,
    ),
]
ExitZero = Annotated[
    bool,
    switch(
        "--exit-zero",
        says="End with 0 though there are findings. Wrong usage and bugs still fail.",
        panel=REPORTED,
    ),
]
Pragmas = Annotated[
    list[str] | None,
    typer.Option(
        "--pragmas",
        metavar="PROGRAM",
        help="Also honour the ignore comments of 'hadolint' or 'zizmor'. May be repeated.",
        rich_help_panel=CHOSEN,
    ),
]
NoIgnores = Annotated[
    bool,
    switch(
        "--no-ignores",
        says="Report what comments and the configuration accept, too.",
        panel=CHOSEN,
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Use this configuration, and none of the tree that is looked at.",
        show_default=False,
        rich_help_panel=LOOKED_AT,
    ),
]
Isolated = Annotated[
    bool,
    switch(
        "--isolated",
        says="Use no configuration of the tree that is looked at.",
        panel=LOOKED_AT,
    ),
]
AuthFile = Annotated[
    Path | None,
    typer.Option(
        "--auth-file",
        metavar="FILE",
        envvar="BOLTSEAL_AUTH_FILE",
        help="A file of logins to look in first: Docker's config.json, Podman's auth.json, or the "
        "decoded .dockerconfigjson of a Kubernetes Secret.",
        rich_help_panel=ASKED,
    ),
]
Enable = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        metavar="NAME",
        autocompletion=place_names,
        help="Also look in a place that is not looked in by default: 'shell' or 'embedded'. "
        "May be repeated.",
        rich_help_panel=LOOKED_AT,
    ),
]
Disable = Annotated[
    list[str] | None,
    typer.Option(
        "--no-place",
        metavar="NAME",
        autocompletion=place_names,
        help="Do not look in a place, such as 'python'; findings name theirs. May be repeated.",
        rich_help_panel=LOOKED_AT,
    ),
]
FromLayout = Annotated[
    Path | None,
    typer.Option(
        "--from-layout",
        metavar="PATH",
        help="Take digests from an OCI image layout, a directory or a tar archive of it, "
        "instead of registries. Needs no network.",
        rich_help_panel=ASKED,
    ),
]
PlainHttp = Annotated[
    list[str] | None,
    typer.Option(
        "--plain-http",
        metavar="HOST",
        help="A registry that may be asked without TLS, with its port. May be repeated. "
        "Loopback addresses always may.",
        rich_help_panel=ASKED,
    ),
]
Quiet = Annotated[
    bool,
    switch(
        "--quiet",
        "-q",
        says="Say nothing of progress, rate limits, and what registries announce. Errors, "
        "warnings and findings are still shown.",
        panel=ASKED,
    ),
]
Verbose = Annotated[
    bool,
    switch(
        "--verbose",
        "-v",
        says="Show every exchange with a registry on standard error, without secrets.",
        panel=ASKED,
    ),
]
AllowRegistry = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-registry",
        metavar="HOST",
        help="Ask only this registry, or a part of it as in registry.example.com/team, or those "
        "below a domain as in *.example.com. May be repeated.",
        rich_help_panel=ASKED,
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
        rich_help_panel=ASKED,
    ),
]
