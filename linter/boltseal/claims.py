"""Which places want to look at a file, told by its path."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from boltseal.place import Place


class Claims:
    """The claims of some places to files. Every file of a tree is asked about, so most end at once."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        numbers: dict[str, list[int]] = {}
        for number, place in enumerate(places):
            for word in place.words:
                numbers.setdefault(word, []).append(number)
        self._numbers = tuple(numbers.items())
        self._last: tuple[str, list[Place]] = ("", [])

    def any(self, path: str) -> bool:
        """Whether any place may be interested in a file of this name."""
        low = path.lower()
        return bool(self._words.search(low)) and next(self._claiming(path, low), -1) >= 0

    def of(self, path: str) -> list[Place]:
        """The places that claim a file of this name, in their order."""
        if path != self._last[0]:
            found = [
                self._places[number] for number in sorted(set(self._claiming(path, path.lower())))
            ]
            self._last = path, found
        return self._last[1]

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(word) for word, _ in self._numbers))

    def _claiming(self, path: str, low: str) -> Iterator[int]:
        for word, numbers in self._numbers:
            if word in low:
                yield from (number for number in numbers if self._places[number].claims(path))
