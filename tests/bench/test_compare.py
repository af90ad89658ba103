from bench.compare import slower
from bench.results import Measure, Old
from bench.spread import Spread

NAME = "tree: CPU ÷ rg -c"
OLD = Old("a tree", {NAME: Spread(10, 9, 11)})


def names(*values: float, name: str = NAME, compared: bool = True) -> list[str]:
    return [row.name for row in slower(OLD, [Measure(name, values, compared=compared)])]


def test_the_same_again_is_not_slower():
    assert names(9, 10, 11) == []


def test_faster_is_not_slower():
    assert names(3, 4, 5) == []


def test_what_overlaps_is_not_slower():
    assert names(10.5, 11.5, 12.5) == []


def test_what_lies_beyond_both_spreads_is_slower():
    assert names(12, 12, 12) == [NAME]


def test_a_narrow_spread_does_not_make_little_much():
    old = Old("a tree", {NAME: Spread(10, 10, 10)})
    assert list(slower(old, [Measure(NAME, (10.2,))])) == []
    assert list(slower(old, [Measure(NAME, (10.4,))]))


def test_a_figure_that_means_nothing_elsewhere_is_not_compared():
    assert names(99, 99, compared=False) == []


def test_a_new_figure_has_nothing_to_be_compared_with():
    assert names(99, 99, name="new") == []


def test_both_figures_are_told():
    (row,) = slower(OLD, [Measure(NAME, (20, 22), "x")])
    assert (row.before.median, row.now.median, row.unit) == (10, 21, "x")
