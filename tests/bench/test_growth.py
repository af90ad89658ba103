import pytest
from bench.parts.growth import slopes


def medians(cpu):
    return [measure.spread.median for measure in slopes(cpu)]


def test_linear_growth_costs_the_same_for_every_file_whatever_the_start_costs():
    cpu = {size: [0.4 + 0.001 * size] * 3 for size in (100, 1000, 5000)}
    assert medians(cpu) == pytest.approx([1000, 1000, 1])


def test_growth_with_the_square_shows():
    cpu = {size: [1e-6 * size**2] for size in (0, 100, 200)}
    assert medians(cpu) == pytest.approx([100, 300, 3])


def test_one_size_does_not_grow():
    assert medians({100: [1.0]}) == []
