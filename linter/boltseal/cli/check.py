"""``boltseal check`` as it is typed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from boltseal.baseline import Baseline
from boltseal.cli import wishes
from boltseal.cli.parameters import (
    REPORTING,
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
from boltseal.errors import UsageError
from boltseal.finding import Severity
from boltseal.intake import STDIN, Request, looked_at
from boltseal.repertoire import Options, Repertoire
from boltseal.report.form import Format
from boltseal.tally import Exit


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
    create_baseline: Annotated[
        bool,
        typer.Option(
            "--create-baseline",
            help="Write the file of --baseline with all that is found now. It may only shrink.",
            rich_help_panel=REPORTING,
        ),
    ] = False,
    shrink_baseline: Annotated[
        bool,
        typer.Option(
            "--shrink-baseline",
            help="Take out of the file of --baseline what is gone.",
            rich_help_panel=REPORTING,
        ),
    ] = False,
    pragmas: Pragmas = None,
    no_ignores: NoIgnores = False,
    statistics: Annotated[
        bool,
        typer.Option(
            "--statistics",
            help="Show numbers in place of findings: by rule, by registry, by image.",
            rich_help_panel=REPORTING,
        ),
    ] = False,
    exit_zero: ExitZero = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Check again whenever a file or the configuration changes; Ctrl-C ends."
        ),
    ] = False,
) -> None:
    """Report the images that can change under your feet. Opens no network connection.

    What git ignores is left out, and so are virtual environments and node_modules; a file that is
    named is looked at, unless the configuration excludes it.
    """
    request = wishes.request(paths, include, exclude, stdin_filename)
    options = wishes.options(
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
    )

    def run() -> Exit:
        known = _known(baseline, create=create_baseline, shrink=shrink_baseline)
        repertoire = Repertoire(options._replace(baseline=known))
        reporting = wishes.reporting(
            form, output, repertoire.pages, statistics=statistics, exit_zero=exit_zero
        )
        if baseline is None:
            from boltseal.commands.check import run_check

            return run_check(request, repertoire, reporting)
        from boltseal.commands.baseline import run_compared, run_created

        if known is None:
            return run_created(request, repertoire, str(baseline))
        return run_compared(
            request, repertoire, reporting, known, shrink=shrink_baseline, everywhere=not no_place
        )

    if not watch:
        raise typer.Exit(run())
    if create_baseline or shrink_baseline or STDIN in request.paths:
        raise UsageError("--watch goes with neither '-' nor a baseline that is written")
    raise typer.Exit(_watched(run, request, options, baseline))


def _watched(
    run: Callable[[], Exit], request: Request, options: Options, baseline: Path | None
) -> int:
    """Run again and again; the configuration is read anew each time."""
    from boltseal.commands.watching import watch

    wholly = options._replace(since="")
    beside = [str(path) for path in (baseline, options.config) if path]
    return watch(run, lambda: looked_at(request, Repertoire(wholly)), beside=beside)


def _known(path: Path | None, *, create: bool, shrink: bool) -> Baseline | None:
    """The findings that are known; None where there is no baseline, or it is to be made."""
    if path is None:
        if create or shrink:
            option = "--create-baseline" if create else "--shrink-baseline"
            raise UsageError(f"{option} needs the file: --baseline FILE")
        return None
    if create and shrink:
        raise UsageError("--create-baseline and --shrink-baseline contradict each other")
    from boltseal.baseline import load

    return None if create else load(str(path))
