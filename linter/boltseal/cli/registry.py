"""``boltseal registry …`` as it is typed."""

from typing import Annotated

import typer

from boltseal.answers import credentials
from boltseal.cli.parameters import AuthFile, UseForm
from boltseal.errors import UsageError
from boltseal.printable import brief
from boltseal.report.form import UseFormat

registry = typer.Typer(help="Ask about registries.", no_args_is_help=True)


@registry.command()
def login_info(
    scope: Annotated[
        str,
        typer.Argument(
            metavar="HOST[/REPOSITORY]",
            help="The registry as references name it, 'docker.io' for Docker Hub; logins may be "
            "kept for a part of it.",
            show_default=False,
        ),
    ],
    form: UseForm = UseFormat.TEXT,
    auth_file: AuthFile = None,
) -> None:
    """Say which login is used for a registry, and where it was looked for. Never the login itself.

    Opens no network connection. The credential helpers that the user's files name are run, as for
    'fix': one may ask to unlock a key chain.
    """
    from boltseal.commands.login import run_login_info
    from boltseal.reference import InvalidReference
    from boltseal.resolve.scope import parse_scope

    parsed = parse_scope(scope)
    if isinstance(parsed, InvalidReference):
        raise UsageError(
            f"{brief(scope)!r} is no HOST[/REPOSITORY]: {parsed.reason}; {parsed.hint}"
        )
    raise typer.Exit(run_login_info(parsed, credentials(auth_file), form))
