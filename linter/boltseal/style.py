"""Colours, for terminals that want them."""

import os
from typing import IO, NamedTuple


class Style(NamedTuple):
    """How parts of a line are dressed up; every function gives back plain text without colours."""

    colours: bool

    def bold(self, text: str) -> str:
        """Emphasis."""
        return self._wrap("1", text)

    def red(self, text: str) -> str:
        """Something wrong."""
        return self._wrap("31", text)

    def yellow(self, text: str) -> str:
        """Something to look at."""
        return self._wrap("33", text)

    def green(self, text: str) -> str:
        """Something good or new."""
        return self._wrap("32", text)

    def cyan(self, text: str) -> str:
        """A place."""
        return self._wrap("36", text)

    def dim(self, text: str) -> str:
        """Something beside the point."""
        return self._wrap("2", text)

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours and text else text


PLAIN = Style(False)
"""No colours: for files."""


def style_for(stream: IO[str]) -> Style:
    """Colours only on a terminal, and never where ``NO_COLOR`` is set (no-color.org)."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(wanted and stream.isatty())
