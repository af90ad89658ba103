"""``boltseal fix`` as it is typed."""

from typing import Annotated

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
    NoIgnores,
    Output,
    Paths,
    PlainHttp,
    Pragmas,
    Quiet,
    Select,
    Since,
    StdinName,
    Verbose,
    switch,
)
from boltseal.engine import Task
from boltseal.errors import UsageError
from boltseal.finding import Severity
from boltseal.repertoire import Repertoire
from boltseal.report.form import Format
from boltseal.resolve.target import Target


def fix(
    paths: Paths = None,
    diff: Annotated[
        bool, switch("--diff", says="Print the change as a unified diff; write nothing.")
    ] = False,
    dry_run: Annotated[
        bool,
        switch(
            "--dry-run",
            says="Write nothing; report what would be mended, each finding with its patch.",
        ),
    ] = False,
    unsafe_fixes: Annotated[
        bool,
        switch(
            "--unsafe-fixes",
            says="Also make fixes that can break what reads the file, such as a digest in the tag "
            "of a Helm chart.",
        ),
    ] = False,
    update: Annotated[
        bool,
        switch(
            "--update",
            says="Also ask what the tag beside a digest is now, and write its new digest. A digest "
            "of one platform is followed by the same platform's.",
        ),
    ] = False,
    platform: Annotated[
        str | None,
        typer.Option(
            "--platform",
            metavar="OS/ARCH[/VARIANT]",
            help="Seal to the image for one platform, such as linux/arm64, not to the index of "
            "all of them.",
            show_default=False,
        ),
    ] = None,
    verify: Annotated[
        bool,
        switch(
            "--verify",
            says="Fetch each manifest and hash it, where otherwise the registry is taken at its "
            "word. Counts as a pull where pulls are counted.",
        ),
    ] = False,
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
    pragmas: Pragmas = None,
    no_ignores: NoIgnores = False,
    exit_zero: ExitZero = False,
) -> None:
    """Seal images to the digest that their registry answers, changing no other byte.

    What cannot be resolved stays as it is and is reported; the rest is still fixed. With '-' the
    fixed text goes to standard output. The exit code tells what is left: with --diff and
    --dry-run, all of it. What 'boltseal check' does not report is not touched.
    """
    from boltseal.commands.fix import Writing, run_fix

    if diff and form is not Format.TEXT:
        raise UsageError(
            f"--diff prints a diff, which --format {form} cannot hold; use --dry-run, or --output"
        )
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
        ),
        asked=True,
    )
    target = Target(wishes.platform(platform), update, verify)
    watch = wishes.watch(quiet=quiet, verbose=verbose)
    answers = wishes.answers(from_layout, plain_http, auth_file, allow_registry, mirrors)
    code = run_fix(
        wishes.request(paths, include, exclude, stdin_filename),
        repertoire,
        resolver_of(answers, target, watch),
        wishes.reporting(form, output, exit_zero=exit_zero),
        task=Task(unsafe_fixes, update, target.platform),
        writing=Writing(dry_run, diff),
        quiet=quiet,
    )
    raise typer.Exit(code)
