"""Whose configuration is read: the user's home directory."""

import os
from pathlib import Path


def home() -> Path:
    """The user's home directory, absolute; the root of the file system where nothing tells it.

    Never '~' as it stands: the tree that is scanned may have a folder of that name.
    """
    found = Path(os.path.expanduser("~"))  # noqa: PTH111 - never raises
    return found if found.is_absolute() else Path(os.sep)
