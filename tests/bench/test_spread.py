from bench.spread import Spread, ratios, spread


def test_the_median_has_the_quartiles_beside_it():
    assert spread([5, 1, 3, 2, 4]) == Spread(3, 2, 4)


def test_one_outlier_moves_neither_median_nor_quartiles():
    assert spread([1, 2, 3, 4, 900]) == spread([1, 2, 3, 4, 5])


def test_two_values_spread_from_one_to_the_other():
    assert spread([4, 2]) == Spread(3, 2, 4)


def test_one_value_does_not_spread():
    assert spread([7]) == Spread(7, 7, 7)


def test_a_ratio_is_of_one_round():
    # The second round was twice as slow for both.
    assert ratios([6, 12], [2, 4]) == (3, 3)
