"""How comments are written in a format, and how to tell that they changed nothing."""

from collections.abc import Callable
from typing import NamedTuple

from boltseal.source import Source


class CommentStyle(NamedTuple):
    """The comments of one format.

    ``opener`` is what a comment begins with; it ends with its line. ``behind`` tells that one may
    stand behind something. ``same`` tells whether a file says what another one does, comments
    aside; False also where that cannot be told.
    """

    opener: str
    behind: bool
    same: Callable[[Source, Source], bool]
