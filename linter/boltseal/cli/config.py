"""``boltseal config …`` as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from boltseal.cli import wishes
from boltseal.cli.completion import known_names
from boltseal.cli.parameters import (
    ConfigFile,
    Disable,
    Enable,
    Ignore,
    Isolated,
    Pragmas,
    Select,
    switch,
)
from boltseal.repertoire import Repertoire
from boltseal.report.form import SettingsFormat

config = typer.Typer(help="Show the configuration, and what it may say.", no_args_is_help=True)


@config.command()
def show(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="The file or folder for which it holds.")
    ] = ".",
    form: Annotated[
        SettingsFormat, typer.Option("--format", help="TOML with comments, or JSON.")
    ] = SettingsFormat.TOML,
    place: Enable = None,
    no_place: Disable = None,
    config: ConfigFile = None,
    isolated: Isolated = False,
    select: Select = None,
    ignore: Ignore = None,
    pragmas: Pragmas = None,
) -> None:
    """Print what holds for a path, and where it is from: a file, the command line, or the defaults.

    The text could be pasted into boltseal.toml. Below it stands what your own file says.
    """
    from boltseal.commands.config import run_show

    repertoire = Repertoire(
        wishes.options(
            config=config,
            isolated=isolated,
            place=place,
            no_place=no_place,
            select=select,
            ignore=ignore,
            pragmas=pragmas,
        )
    )
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
