"""The command line: what can be typed, and what it means. One module a command."""

from typing import Annotated

import typer

from boltseal.cli.check import check
from boltseal.cli.config import config
from boltseal.cli.fix import fix
from boltseal.cli.listing import list_
from boltseal.cli.parameters import switch
from boltseal.cli.registry import registry
from boltseal.cli.rule import rule
from boltseal.cli.verify import verify
from boltseal.errors import UsageError
from boltseal.tally import EXIT_CODES, Exit

app = typer.Typer(
    name="boltseal",
    help=(
        "Find every container image reference in a repository, say which of them can change "
        "under your feet, and seal them to the digest that their registry answers, changing no "
        "other byte."
    ),
    epilog=EXIT_CODES,
    rich_markup_mode="markdown",  # joins the lines of a docstring to paragraphs
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=EXIT_CODES)(check)
app.command(epilog=EXIT_CODES)(fix)
app.command(epilog=EXIT_CODES)(verify)
app.command(name="list", epilog=EXIT_CODES)(list_)
app.command()(rule)
app.add_typer(config, name="config")
app.add_typer(registry, name="registry")


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, switch("--version", says="Show the version and exit.")] = False,
    verbose: Annotated[
        bool, switch("--verbose", says="With --version: all that a report of a bug needs.")
    ] = False,
) -> None:
    if verbose and not version:
        raise UsageError("--verbose before a command goes with --version")
    if version:
        from boltseal.commands.version import run_version

        raise typer.Exit(run_version(verbose=verbose))


def typed(arguments: list[str]) -> int:
    """Let Typer read the arguments and run the command; returns the exit code.

    Raises UsageError and OutputClosed, which the commands do.
    """
    try:
        app(arguments)
    except SystemExit as end:  # every run of Typer's ends with it
        return end.code if isinstance(end.code, int) else Exit.CLEAN
    return Exit.CLEAN
