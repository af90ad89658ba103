"""Where a file is in its repository, for services that show findings beside the code."""

import os
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from boltseal.standing import repository_of


class Checkout(NamedTuple):
    """The folder in which boltseal runs, and the root of the git repository around it.

    Outside a repository the root is the folder itself.
    """

    folder: Path
    root: Path

    def absolute(self, path: str) -> Path:
        """The whole path to a file that is shown as ``path``, without '.' and '..' in it.

        What is behind '..' is asked of the file system: a link may lead elsewhere (SARIF 2.1.0,
        3.10.2).
        """
        whole = self.folder / path
        return Path(os.path.realpath(whole)) if ".." in whole.parts else whole

    def path(self, path: str) -> str | None:
        """The way from the root to a file that is shown as ``path``, with '/' between folders.

        None for a file that is not below the root.
        """
        whole = self.absolute(path)
        return whole.relative_to(self.root).as_posix() if whole.is_relative_to(self.root) else None


def checkout() -> Checkout:
    """That of the current folder."""
    return _checkout(Path.cwd())


def in_repository(path: str) -> str:
    """The path from the root of the repository, wherever in it boltseal was started.

    A file that is not in it keeps the path by which it is shown.
    """
    return checkout().path(path) or path


@lru_cache(maxsize=1)
def _checkout(folder: Path) -> Checkout:
    return Checkout(folder, Path(repository_of(str(folder))))
