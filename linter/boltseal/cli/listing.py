"""``boltseal list`` as it is typed."""

import typer

from boltseal.cli.grouping import grouped
from boltseal.cli.groups import Configured, LookedAt
from boltseal.cli.parameters import UseForm
from boltseal.repertoire import Repertoire
from boltseal.report.form import UseFormat


@grouped
def list_(looked: LookedAt, configured: Configured, form: UseForm = UseFormat.TEXT) -> None:
    """List every image use: pinned, mutable, or not to be known from the file."""
    from boltseal.commands.listing import run_list

    code = run_list(looked.request(), Repertoire(configured.options()), form)
    raise typer.Exit(code)
