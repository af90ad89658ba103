"""``boltseal fix`` as it is typed."""

from typing import Annotated

import typer

from boltseal.answers import resolver as resolver_of
from boltseal.cli.grouping import grouped
from boltseal.cli.groups import Asked, Chosen, Configured, LookedAt, Reported
from boltseal.cli.parameters import switch
from boltseal.engine import Task
from boltseal.errors import UsageError
from boltseal.repertoire import Repertoire
from boltseal.report.form import Format
from boltseal.resolve.platform import Platform, parse_platform
from boltseal.resolve.target import Target


@grouped
def fix(
    looked: LookedAt,
    configured: Configured,
    chosen: Chosen,
    reported: Reported,
    asked: Asked,
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
) -> None:
    """Seal images to the digest that their registry answers, changing no other byte.

    What cannot be resolved stays as it is and is reported; the rest is still fixed. With '-' the
    fixed text goes to standard output. The exit code tells what is left: with --diff and
    --dry-run, all of it. What 'boltseal check' does not report is not touched.
    """
    from boltseal.commands.fix import Writing, run_fix

    if diff and dry_run:
        raise UsageError("--diff and --dry-run contradict each other")
    if diff and reported.form is not Format.TEXT:
        raise UsageError(
            f"--diff prints a diff, which --format {reported.form} cannot hold; use --dry-run, "
            "or --output"
        )
    repertoire = Repertoire(chosen.added_to(configured.options()), asked=True)
    target = Target(_platform(platform), update, verify)
    code = run_fix(
        looked.request(),
        repertoire,
        resolver_of(asked.answers(), target, asked.observer()),
        reported.reporting(),
        task=Task(unsafe_fixes, update, target.platform),
        writing=Writing(dry_run, diff),
        quiet=asked.quiet,
    )
    raise typer.Exit(code)


def _platform(text: str | None) -> Platform | None:
    """The platform of which images are wanted; None for all. Raises UsageError."""
    if text is None:
        return None
    platform = parse_platform(text)
    if platform is None:
        raise UsageError(f"--platform {text!r} is not of the form os/arch or os/arch/variant")
    return platform
