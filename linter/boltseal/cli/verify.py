"""``boltseal verify`` as it is typed."""

import typer

from boltseal.answers import resolver as resolver_of
from boltseal.cli import wishes
from boltseal.cli.parameters import (
    AllowRegistry,
    AuthFile,
    ConfigFile,
    Disable,
    Enable,
    Exclude,
    ExitZero,
    Form,
    FromLayout,
    Ignore,
    Include,
    Isolated,
    Least,
    Mirrors,
    Output,
    Paths,
    PlainHttp,
    Quiet,
    Select,
    Since,
    StdinName,
    Verbose,
)
from boltseal.finding import Severity
from boltseal.repertoire import Repertoire
from boltseal.report.form import Format
from boltseal.resolve.target import ALL_PLATFORMS


def verify(
    paths: Paths = None,
    from_layout: FromLayout = None,
    plain_http: PlainHttp = None,
    auth_file: AuthFile = None,
    allow_registry: AllowRegistry = None,
    mirrors: Mirrors = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
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
    exit_zero: ExitZero = False,
) -> None:
    """Ask registries whether every digest in the files is still there. Writes no file.

    Images without a digest are not asked for: 'boltseal check' reports them.
    """
    from boltseal.commands.verify import run_verify

    repertoire = Repertoire(
        wishes.options(
            config=config,
            isolated=isolated,
            place=place,
            no_place=no_place,
            select=select,
            ignore=ignore,
            severity=severity,
            since=since,
        ),
        asked=True,
    )
    watch = wishes.watch(quiet=quiet, verbose=verbose)
    answers = wishes.answers(from_layout, plain_http, auth_file, allow_registry, mirrors)
    code = run_verify(
        wishes.request(paths, include, exclude, stdin_filename),
        repertoire,
        resolver_of(answers, ALL_PLATFORMS, watch),
        wishes.reporting(form, output, exit_zero=exit_zero),
        quiet=quiet,
    )
    raise typer.Exit(code)
