"""Options that several commands take stand in one place, and every command shows them as its own."""

from typing import Annotated, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from boltseal.cli.grouping import grouped


class Pair(NamedTuple):
    first: Annotated[str, typer.Option("--first")] = "a"
    second: Annotated[bool, typer.Option("--second")] = False


seen: list[tuple[object, ...]] = []


@grouped
def command(
    name: Annotated[str, typer.Argument()],
    pair: Pair,
    third: Annotated[int, typer.Option("--third")] = 3,
) -> None:
    """Say what was given."""
    seen.append((name, pair, third))


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (["x"], ("x", Pair("a", False), 3)),
        (["--first", "b", "x", "--third", "4"], ("x", Pair("b", False), 4)),
        (["x", "--second"], ("x", Pair("a", True), 3)),
    ],
)
def test_a_command_gets_its_groups_as_values(
    arguments: list[str], given: tuple[object, ...]
) -> None:
    app = typer.Typer()
    app.command()(command)
    seen.clear()
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert seen == [given]


def test_what_is_said_of_a_command_stays() -> None:
    assert command.__doc__ == "Say what was given."
