"""``boltseal config …`` as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from boltseal.cli.completion import known_names
from boltseal.cli.grouping import grouped
from boltseal.cli.groups import Configured
from boltseal.cli.parameters import Ignore, Pragmas, Select, switch
from boltseal.repertoire import Repertoire
from boltseal.report.form import SettingsFormat

config = typer.Typer(help="Show the configuration, and what it may say.", no_args_is_help=True)


@config.command()
@grouped
def show(
    configured: Configured,
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="The file or folder for which it holds.")
    ] = ".",
    form: Annotated[
        SettingsFormat, typer.Option("--format", help="TOML with comments, or JSON.")
    ] = SettingsFormat.TOML,
    select: Select = None,
    ignore: Ignore = None,
    pragmas: Pragmas = None,
) -> None:
    """Print what holds for a path, and where it is from: a file, the command line, or the defaults.

    The text could be pasted into boltseal.toml. Below it stands what your own file says.
    """
    from boltseal.commands.config import run_show

    options = configured.options()._replace(
        select=tuple(select or ()), ignore=tuple(ignore or ()), pragmas=tuple(pragmas or ())
    )
    repertoire = Repertoire(options)
    folder = path if Path(path).is_dir() else str(Path(path).parent)
    located = repertoire.located(folder)
    # Made for what it refuses: names that are none.
    effective = repertoire(f"{folder}/-").ruling.config
    raise typer.Exit(run_show(path, located, effective, form))


@config.command()
def schema(
    user: Annotated[
        bool, switch("--user", says="That of your own file, not of a repository's.")
    ] = False,
) -> None:
    """Print the JSON Schema of boltseal.toml, for editors and other checks."""
    from boltseal.commands.config import run_schema

    raise typer.Exit(run_schema(known_names(), user=user))
