"""What repeated measurements come to."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Spread(NamedTuple):
    """The median, and the quartiles: half of the measurements lie from ``low`` to ``high``."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value; that of two is from one to the other."""
    if len(values) < 3:
        return Spread(statistics.median(values), min(values), max(values))
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def ratios(values: Sequence[float], floors: Sequence[float]) -> tuple[float, ...]:
    """Each value over the floor of the same round: what slows a machine down slows both."""
    return tuple(value / floor for value, floor in zip(values, floors, strict=True))
