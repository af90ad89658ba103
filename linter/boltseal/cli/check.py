"""``boltseal check`` as it is typed."""

import typer

from boltseal.cli import wishes
from boltseal.cli.parameters import (
    BaselineFile,
    ConfigFile,
    Disable,
    Enable,
    Exclude,
    ExitZero,
    Form,
    Ignore,
    Include,
    Isolated,
    Least,
    NoIgnores,
    Output,
    Paths,
    Pragmas,
    Select,
    Since,
    StdinName,
)
from boltseal.finding import Severity
from boltseal.repertoire import Repertoire
from boltseal.report.form import Format


def check(
    paths: Paths = None,
    include: Include = None,
    exclude: Exclude = None,
    stdin_filename: StdinName = None,
    place: Enable = None,
    no_place: Disable = None,
    config: ConfigFile = None,
    isolated: Isolated = False,
    form: Form = Format.TEXT,
    output: Output = None,
    select: Select = None,
    ignore: Ignore = None,
    severity: Least = Severity.NOTE,
    since: Since = None,
    baseline: BaselineFile = None,
    pragmas: Pragmas = None,
    no_ignores: NoIgnores = False,
    exit_zero: ExitZero = False,
) -> None:
    """Report the images that can change under your feet. Opens no network connection.

    What git ignores is left out, and so are virtual environments and node_modules; a file that is
    named is looked at, unless the configuration excludes it.
    """
    from boltseal.commands.check import run_check

    repertoire = Repertoire(
        wishes.options(
            config=config,
            isolated=isolated,
            place=place,
            no_place=no_place,
            select=select,
            ignore=ignore,
            pragmas=pragmas,
            severity=severity,
            no_ignores=no_ignores,
            since=since,
            baseline=baseline,
        )
    )
    reporting = wishes.reporting(form, output, repertoire.pages, exit_zero=exit_zero)
    request = wishes.request(paths, include, exclude, stdin_filename)
    raise typer.Exit(run_check(request, repertoire, reporting))
