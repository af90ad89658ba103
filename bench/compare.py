"""What got slower since an earlier run."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bench.results import Measure, Old
from bench.spread import Spread

TOLERANCE = 1.03
"""A median has to grow by more than this to count: layout in memory alone makes for 3 %."""


class Slower(NamedTuple):
    """A figure that got worse."""

    name: str
    unit: str
    before: Spread
    now: Spread


def slower(old: Old, measures: Iterable[Measure]) -> Iterator[Slower]:
    """The figures that grew beyond both spreads: the middle halves of the rounds do not overlap."""
    for measure in measures:
        before = old.spreads.get(measure.name)
        if before is None or not measure.compared:
            continue
        now = measure.spread
        if now.low > before.high and now.median > before.median * TOLERANCE:
            yield Slower(measure.name, measure.unit, before, now)
