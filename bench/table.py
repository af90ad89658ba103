"""Results as text for people."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table

from bench.budgets import BUDGETS
from bench.contest import Entry
from bench.results import MIB, Measure, Section
from bench.spread import Spread, spread


def show(console: Console, section: Section) -> None:
    """Print the programs of a section, its figures with their budgets, and its notes."""
    console.rule(section.title, align="left")
    if section.entries:
        console.print(_programs(section.entries))
    if section.measures:
        console.print(_measures(section.measures))
    for note in section.notes:
        console.print(f"  {note}", highlight=False)
    console.print()


def show_budgets(console: Console, measures: Iterable[Measure]) -> None:
    """Print the budgets with what was measured, and which of them were not measured."""
    found = {measure.name: measure for measure in measures}
    table = _table("budget for", "measured", "budget", "met")
    for name in filter(found.__contains__, BUDGETS):
        value, _ = shown(found[name].unit, found[name].spread)
        table.add_row(name, value, str(BUDGETS[name]), _met(found[name]))
    console.rule("budgets", align="left")
    console.print(table)
    if left := [name for name in BUDGETS if name not in found]:
        console.print(f"  not measured: {'; '.join(left)}", highlight=False)
    console.print()


def _programs(entries: tuple[Entry, ...]) -> Table:
    table = _table("program", "version", "CPU s", "wall s", "MiB", "exit", "findings", "does")
    for entry in entries:
        contender = entry.contender
        cpu, wall = (spread(entry.values(of)).median for of in ("cpu", "wall"))
        memory = spread(entry.values("memory")).median / MIB
        findings = "" if entry.findings is None else str(entry.findings)
        figures = (f"{cpu:.3f}", f"{wall:.3f}", f"{memory:.0f}", str(entry.status), findings)
        table.add_row(contender.name, contender.version, *figures, contender.about)
    return table


def _measures(measures: tuple[Measure, ...]) -> Table:
    table = _table("figure", "median", "half of the rounds", "budget", "met")
    for measure in measures:
        budget = BUDGETS.get(measure.name)
        bound = "" if budget is None else str(budget)
        table.add_row(measure.name, *shown(measure.unit, measure.spread), bound, _met(measure))
    return table


def _met(measure: Measure) -> str:
    budget = BUDGETS.get(measure.name)
    if budget is None:
        return ""
    return "yes" if budget.holds(measure.spread.median) else "NO"


def shown(unit: str, values: Spread) -> Iterator[str]:
    """The median with its unit, and from where to where half of the rounds are."""
    number = ".3f" if values.median < 1 else ".2f" if values.median < 10 else ".1f"
    yield f"{values.median:{number}} {unit}"
    yield f"{values.low:{number}}-{values.high:{number}}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="left" if column in _TEXT else "right")
    return table


_TEXT = ("budget for", "program", "version", "figure", "does", "budget", "met")
