"""``boltseal check`` as it is typed."""

from typing import Annotated, NamedTuple

import typer

from boltseal.cli.grouping import grouped
from boltseal.cli.groups import Chosen, Configured, LookedAt, Reported
from boltseal.cli.parameters import OLD, REPORTED, BaselineFile, switch
from boltseal.errors import UsageError
from boltseal.intake import STDIN, Request, looked_at
from boltseal.repertoire import Options, Repertoire, comment_style, refuse_unasked
from boltseal.report.reporter import Reporting
from boltseal.tally import Exit


class Adopting(NamedTuple):
    """What becomes of the findings of an old code base."""

    baseline: BaselineFile = None
    create_baseline: Annotated[
        bool,
        switch(
            "--create-baseline",
            says="Write the file of --baseline with all that is found now. It may only shrink.",
            panel=OLD,
        ),
    ] = False
    shrink_baseline: Annotated[
        bool,
        switch(
            "--shrink-baseline",
            says="Take out of the file of --baseline what is gone.",
            panel=OLD,
        ),
    ] = False
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
    ] = None


@grouped
def check(
    looked: LookedAt,
    configured: Configured,
    chosen: Chosen,
    reported: Reported,
    adopting: Adopting,
    statistics: Annotated[
        bool,
        switch(
            "--statistics",
            says="Show numbers in place of findings: by rule, by registry, by image.",
            panel=REPORTED,
        ),
    ] = False,
    watch: Annotated[
        bool,
        switch("--watch", says="Check again after every change, until Ctrl-C ends it."),
    ] = False,
) -> None:
    """Report the images that can change under your feet. Opens no network connection.

    What git ignores is left out, and so are virtual environments and node_modules; a file that is
    named is looked at, unless the configuration excludes it.
    """
    request = looked.request()
    _refuse(adopting, watching=watch, stdin=STDIN in request.paths)
    if adopting.create_baseline and statistics:
        raise UsageError("--create-baseline and --statistics contradict each other")
    refuse_unasked(chosen.select or (), "--select")
    options = chosen.added_to(configured.options())
    reporting = reported.reporting(statistics=statistics)
    if not watch:
        raise typer.Exit(_run(request, options, reporting, adopting))
    from boltseal.commands.watching import watch as watched

    wholly = options._replace(since="")  # a file that is not changed yet may be
    beside = [str(path) for path in (adopting.baseline, configured.config) if path]
    code = watched(
        lambda: _run(request, options, reporting, adopting),
        lambda: looked_at(request, Repertoire(wholly)),
        beside=beside,
    )
    raise typer.Exit(code)


def _refuse(wish: Adopting, *, watching: bool, stdin: bool) -> None:
    """Raise UsageError for options that contradict each other."""
    chosen = [
        option
        for option, given in (
            ("--create-baseline", wish.create_baseline),
            ("--shrink-baseline", wish.shrink_baseline),
            ("--add-ignores", wish.add_ignores is not None),
            ("--watch", watching),
        )
        if given
    ]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]} contradict each other")
    if wish.baseline is None and (wish.create_baseline or wish.shrink_baseline):
        raise UsageError(f"{chosen[0]} needs the file: --baseline FILE")
    if watching and stdin:
        raise UsageError("--watch looks at files again, which standard input is not")


def _run(request: Request, options: Options, reporting: Reporting, wish: Adopting) -> Exit:
    """One check."""
    if wish.create_baseline:
        from boltseal.commands.baseline import run_created

        return run_created(request, Repertoire(options), str(wish.baseline), reporting)
    known = None
    if wish.baseline is not None:
        from boltseal.baseline import load

        known = load(str(wish.baseline))
    repertoire = Repertoire(options._replace(baseline=known))
    if wish.add_ignores is not None:
        from boltseal.commands.annotate import run_add_ignores

        return run_add_ignores(request, repertoire, wish.add_ignores, comment_style, reporting)
    if request == Request():  # all of it, so that what accepts nothing can be told
        reporting = reporting._replace(entries=repertoire.entries)
    if known is not None:
        from boltseal.commands.baseline import run_compared

        everywhere = not options.disable_places
        return run_compared(
            request,
            repertoire,
            reporting,
            known,
            shrink=wish.shrink_baseline,
            everywhere=everywhere,
        )
    from boltseal.commands.check import run_check

    return run_check(request, repertoire, reporting)
