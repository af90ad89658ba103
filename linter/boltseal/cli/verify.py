"""``boltseal verify`` as it is typed."""

import typer

from boltseal.answers import resolver as resolver_of
from boltseal.cli.grouping import grouped
from boltseal.cli.groups import Asked, Chosen, Configured, LookedAt, Reported
from boltseal.repertoire import Repertoire
from boltseal.resolve.target import ALL_PLATFORMS


@grouped
def verify(
    looked: LookedAt, configured: Configured, chosen: Chosen, reported: Reported, asked: Asked
) -> None:
    """Ask registries whether every digest in the files is still there. Writes no file.

    Images without a digest are not asked for: 'boltseal check' reports them.
    """
    from boltseal.commands.verify import run_verify

    code = run_verify(
        looked.request(),
        Repertoire(chosen.added_to(configured.options()), asked=True),
        resolver_of(asked.answers(), ALL_PLATFORMS, asked.observer()),
        reported.reporting(),
        quiet=asked.quiet,
    )
    raise typer.Exit(code)
