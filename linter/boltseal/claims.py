"""Which places want to look at a file, told by its path."""

import re
from collections.abc import Sequence

from boltseal.place import Place


class Claims:
    """The claims of some places to files. Every file of a tree is asked about, so most end at once."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        words = {word for place in places for word in place.words}
        self._any = re.compile("|".join(map(re.escape, sorted(words))))

    def any(self, path: str) -> bool:
        """Whether any place may be interested in a file of this name."""
        if not self._any.search(path.lower()):
            return False
        return any(place.claims(path) for place in self._places)
