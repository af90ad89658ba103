"""``boltseal list`` as it is typed."""

import typer

from boltseal.cli import wishes
from boltseal.cli.parameters import (
    ConfigFile,
    Disable,
    Enable,
    Exclude,
    Include,
    Isolated,
    Paths,
    StdinName,
    UseForm,
)
from boltseal.repertoire import Repertoire
from boltseal.report.form import UseFormat


def list_(
    paths: Paths = None,
    form: UseForm = UseFormat.TEXT,
    include: Include = None,
    exclude: Exclude = None,
    stdin_filename: StdinName = None,
    place: Enable = None,
    no_place: Disable = None,
    config: ConfigFile = None,
    isolated: Isolated = False,
) -> None:
    """List every image use: pinned, mutable, or not to be known from the file."""
    from boltseal.commands.listing import run_list

    options = wishes.options(config=config, isolated=isolated, place=place, no_place=no_place)
    request = wishes.request(paths, include, exclude, stdin_filename)
    raise typer.Exit(run_list(request, Repertoire(options), form))
