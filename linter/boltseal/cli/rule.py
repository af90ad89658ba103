"""``boltseal rule`` as it is typed."""

from typing import Annotated

import typer

from boltseal import console
from boltseal.cli.completion import rule_names
from boltseal.errors import UsageError, unknown


def rule(
    name: Annotated[
        str | None,
        typer.Argument(
            help="The rule; without it all are listed.",
            autocompletion=rule_names,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show what a rule finds, why it matters, and how it is fixed."""
    from boltseal.report.rule import rule_page, table
    from boltseal_rules.knowledge import pages

    rules = pages()

    if name is None:
        console.out(table(rules))
        return
    for known, page in rules.items():
        if known.name == name:
            console.out(rule_page(known, page))
            return
    raise UsageError(unknown("rule", name, (it.name for it in rules)))
