import io

import pytest
from bench.budgets import BUDGETS, Budget
from bench.results import Measure, Section
from bench.table import show, show_budgets
from rich.console import Console


def test_no_more_than_the_most_holds():
    assert Budget(most=3).holds(3)
    assert not Budget(most=3).holds(3.01)


def test_no_less_than_the_least_holds():
    assert Budget(least=100).holds(100)
    assert not Budget(least=100).holds(99)


@pytest.mark.parametrize(("value", "met"), [(9.0, "yes"), (11.0, "NO")])
def test_the_table_has_the_budget_beside_the_figure(value, met):
    console = Console(width=120, file=io.StringIO(), record=True)
    measure = Measure("tree: CPU ÷ rg -c", (value,))
    show(console, Section("tree", (), (measure,), ("a note",)))
    line = next(it for it in console.export_text().splitlines() if it.startswith("tree: CPU"))
    assert line.split()[-3:] == ["≤", "10", met]


def test_budgets_without_a_figure_are_told():
    console = Console(width=1000, file=io.StringIO(), record=True)
    show_budgets(console, [Measure("tree: memory", (80.0,), "MiB")])
    text = console.export_text()
    left = text.partition("not measured: ")[2].split("\n")[0].split("; ")
    assert set(left) == set(BUDGETS) - {"tree: memory"}
