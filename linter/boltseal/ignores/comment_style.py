"""How comments are written in a format, and how to tell that they changed nothing."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

from boltseal.source import Source


class CommentStyle(NamedTuple):
    """The comments of one format.

    ``opener`` is what a comment begins with; it ends with its line. ``behind`` tells that one may
    stand behind something. ``said`` is what a file says, comments aside, as a value to be compared
    with what another one says; None where that cannot be told.
    """

    opener: str
    behind: bool
    said: Callable[[Source], Hashable | None]
