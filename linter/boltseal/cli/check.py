"""``boltseal check`` as it is typed."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from boltseal.cli import wishes
from boltseal.cli.parameters import (
    OLD,
    REPORTED,
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
    switch,
)
from boltseal.errors import UsageError
from boltseal.finding import Severity
from boltseal.intake import STDIN, Request, looked_at
from boltseal.repertoire import Options, Repertoire, comment_style
from boltseal.report.form import Format
from boltseal.report.reporter import Reporting
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
        switch(
            "--create-baseline",
            says="Write the file of --baseline with all that is found now. It may only shrink.",
            panel=OLD,
        ),
    ] = False,
    shrink_baseline: Annotated[
        bool,
        switch(
            "--shrink-baseline",
            says="Take out of the file of --baseline what is gone.",
            panel=OLD,
        ),
    ] = False,
    pragmas: Pragmas = None,
    no_ignores: NoIgnores = False,
    add_ignores: Annotated[
        str | None,
        typer.Option(
            "--add-ignores",
            metavar="REASON",
            help="Write an ignore comment with this reason for every finding. What cannot have one "
            "is reported, with entries for the configuration.",
            show_default=False,
            rich_help_panel=OLD,
        ),
    ] = None,
    watch: Annotated[
        bool,
        switch("--watch", says="Check again after every change, until Ctrl-C ends it."),
    ] = False,
    statistics: Annotated[
        bool,
        switch(
            "--statistics",
            says="Show numbers in place of findings: by rule, by registry, by image.",
            panel=REPORTED,
        ),
    ] = False,
    exit_zero: ExitZero = False,
) -> None:
    """Report the images that can change under your feet. Opens no network connection.

    What git ignores is left out, and so are virtual environments and node_modules; a file that is
    named is looked at, unless the configuration excludes it.
    """
    adopting = _Adopting(baseline, create_baseline, shrink_baseline, add_ignores)
    _refuse(adopting, watching=watch, stdin=paths == [STDIN])
    request = wishes.request(paths, include, exclude, stdin_filename)
    reporting = wishes.reporting(form, output, statistics=statistics, exit_zero=exit_zero)
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
    if not watch:
        raise typer.Exit(_run(request, options, reporting, adopting))
    from boltseal.commands.watching import watch as watched

    wholly = options._replace(since="")  # a file that is not changed yet may be
    beside = [str(path) for path in (baseline, config) if path]
    code = watched(
        lambda: _run(request, options, reporting, adopting),
        lambda: looked_at(request, Repertoire(wholly)),
        beside=beside,
    )
    raise typer.Exit(code)


class _Adopting(NamedTuple):
    """What becomes of the findings of an old code base."""

    baseline: Path | None
    create: bool
    shrink: bool
    reason: str | None


def _refuse(wish: _Adopting, *, watching: bool, stdin: bool) -> None:
    """Raise UsageError for options that contradict each other."""
    chosen = [
        option
        for option, given in (
            ("--create-baseline", wish.create),
            ("--shrink-baseline", wish.shrink),
            ("--add-ignores", wish.reason is not None),
            ("--watch", watching),
        )
        if given
    ]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]} contradict each other")
    if wish.baseline is None and (wish.create or wish.shrink):
        raise UsageError(f"{chosen[0]} needs the file: --baseline FILE")
    if watching and stdin:
        raise UsageError("--watch looks at files again, which standard input is not")


def _run(request: Request, options: Options, reporting: Reporting, wish: _Adopting) -> Exit:
    """One check."""
    if wish.create:
        from boltseal.commands.baseline import run_created

        return run_created(request, Repertoire(options), str(wish.baseline))
    known = None
    if wish.baseline is not None:
        from boltseal.baseline import load

        known = load(str(wish.baseline))
    repertoire = Repertoire(options._replace(baseline=known))
    if wish.reason is not None:
        from boltseal.commands.annotate import run_add_ignores

        return run_add_ignores(request, repertoire, wish.reason, comment_style, reporting)
    if known is not None:
        from boltseal.commands.baseline import run_compared

        everywhere = not options.disable_places
        return run_compared(
            request, repertoire, reporting, known, shrink=wish.shrink, everywhere=everywhere
        )
    from boltseal.commands.check import run_check

    return run_check(request, repertoire, reporting)
