"""The shape of a place: one file format in which images are named."""

from collections.abc import Callable
from typing import NamedTuple

from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse


class Found(NamedTuple):
    """What a file holds: its uses in order of their spans, and the parts that could not be read."""

    uses: tuple[ImageUse, ...] = ()
    problems: tuple[Unparsable, ...] = ()


class Place(NamedTuple):
    """One format.

    ``claims`` tells by a file's path alone (with '/' between folders) whether it may be of this
    format; one of ``words`` stands in each such path, in lower case. ``needles`` are byte strings
    of which every file that holds a use contains at least one. ``find`` reads the file: what it
    holds, or None where the content shows another format, so that the next place is asked. It
    raises Unparsable for a file that is of the format and cannot be understood at all.

    ``confirm`` asks a second reader of the format whether an edited file is still the one before,
    but for the edits.

    A place that is ``opt_in`` is asked only when the user names it, and then besides the place
    that keeps the file.
    """

    name: str
    claims: Callable[[str], bool]
    needles: tuple[bytes, ...]
    find: Callable[[Source], Found | None]
    words: tuple[str, ...] = ("",)
    opt_in: bool = False
    confirm: Callable[[Source, Source], bool] | None = None
