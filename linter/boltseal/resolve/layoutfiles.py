"""Where the files of an image layout are: in a directory here, elsewhere in an archive."""

import stat
from pathlib import Path
from typing import Protocol

from boltseal.printable import brief

IS_MISSING = "is missing"


class LayoutError(Exception):
    """The path cannot be used as an image layout. The message is one line."""


class LayoutFiles(Protocol):
    """The files of one image layout, by the names that OCI image spec, image-layout.md gives."""

    @property
    def shown(self) -> str:
        """The path as messages name it, safe to print."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is something of this name, of whatever kind."""
        ...

    def read(self, name: str, limit: int) -> bytes | str:
        """Read one file.

        In: its name, with '/' between the parts, and how many bytes may be read at most.
        Out: its bytes, or what is wrong with it, to follow its name in a message.
        Raises nothing.
        """
        ...


class DirectoryFiles:
    """The files of a layout that is a directory. No link leads out of it."""

    def __init__(self, directory: Path) -> None:
        self._root = directory

    @property
    def shown(self) -> str:
        """The path as messages name it."""
        return shown(self._root)

    def has(self, name: str) -> bool:
        """Whether there is something of this name."""
        try:
            (self._root / name).lstat()
        except OSError:
            return False
        return True

    def read(self, name: str, limit: int) -> bytes | str:
        """Read one file: its bytes, or what is wrong with it."""
        try:
            path = (self._root / name).resolve(strict=True)
            if not path.is_relative_to(self._root.resolve()):
                return "is a link that leads out of the layout"
            if not stat.S_ISREG(path.stat().st_mode):
                return "is not a file"
            with path.open("rb") as file:
                data = file.read(limit + 1)
        except FileNotFoundError:
            return IS_MISSING
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, until Python 3.13
            return cannot_be_read(error)
        return data if len(data) <= limit else too_large(limit)


def shown(path: Path) -> str:
    """A path as messages name it, safe to print."""
    return brief(str(path), limit=200)


def cannot_be_read(error: Exception) -> str:
    """What the system says about a file, to follow its name."""
    return f"cannot be read ({brief(getattr(error, 'strerror', None) or 'a loop of links')})"


def too_large(limit: int) -> str:
    """That a file is over its bound, to follow its name."""
    return f"is larger than {limit} bytes"
