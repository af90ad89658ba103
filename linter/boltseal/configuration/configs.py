"""What a repository says about boltseal: ``boltseal.toml``, or ``[tool.boltseal]`` in pyproject.toml.

The files are part of the tree that is scanned and are not trusted: they can say where else to look
and what to pass over, and nothing about registries, credentials or the network.
"""

import os
from typing import Any, NamedTuple

from boltseal import toml_table
from boltseal.configuration.settings import DEFAULTS, Config
from boltseal.errors import UsageError
from boltseal.standing import is_repository, repository_of
from boltseal.toml_table import Table

_OWN, _PYPROJECT = "boltseal.toml", "pyproject.toml"


class Located(NamedTuple):
    """A configuration, and where it is from.

    ``path`` is the file as shown, '' for none. ``folder`` is the real folder to which the globs in
    it are relative, ``keys`` are the keys that the file has.
    """

    config: Config
    path: str
    folder: str
    keys: frozenset[str] = frozenset()


def read(path: str) -> Located:
    """The configuration in a file that the user names, wherever it is.

    Its globs are relative to the current directory: a policy for many repositories lies in none
    of them. Raises UsageError for one that cannot be read, and for a key or a value that is unknown.
    """
    data = toml_table.read_bytes(path, path)
    table = _table(data, os.path.basename(path), path)
    if table is None:
        raise UsageError(f"{path}: there is no table [tool.boltseal] in it")
    return _located(table, path, os.path.realpath(os.curdir))


def isolated() -> Located:
    """The configuration of a run that reads no file."""
    return Located(DEFAULTS, "", os.path.realpath(os.curdir))


class Configs:
    """The configurations of one run, by folder: each folder and each file is looked at once.

    With ``given`` it holds everywhere and no file is looked for.
    """

    def __init__(self, given: Located | None = None) -> None:
        self._given = given
        self._none = isolated()
        self._real: dict[str, str] = {}
        self._of: dict[str, Located] = {}

    def of(self, folder: str) -> Located:
        """The configuration for the files in ``folder``, named from the current directory.

        It is that of the nearest file in it or above it, up to the root of a git repository, and
        the identical one for each folder for which the file is the same. Raises UsageError for a
        file that cannot be read, and for a key or a value that is unknown.
        """
        return self._given or self._nearest(self._where(folder))

    def relative(self, located: Located, path: str) -> str:
        """A file's path, named from the current directory, as the globs of a configuration see it."""
        folder, name = os.path.split(path)
        real = os.path.join(self._where(folder), name)
        base = located.folder.rstrip(os.sep) + os.sep
        inside = real[len(base) :] if real.startswith(base) else os.path.relpath(real, base)
        return inside if os.sep == "/" else inside.replace(os.sep, "/")

    def _where(self, folder: str) -> str:
        """Where a folder really is. The one above it is asked about once for all that are in it."""
        real = self._real.get(folder)
        if real is not None:
            return real
        above, name = os.path.split(folder)
        if name in ("", os.curdir, os.pardir):
            real = os.path.realpath(folder or os.curdir)
        else:
            if above not in self._real:
                self._real[above] = os.path.realpath(above or os.curdir)
            real = os.path.join(self._real[above], name)
            real = os.path.realpath(real) if os.path.islink(real) else real
        self._real[folder] = real
        return real

    def _nearest(self, real: str) -> Located:
        passed = []
        while (found := self._of.get(real)) is None:
            passed.append(real)
            found = _in(real)
            if found is not None:
                break
            above = os.path.dirname(real)
            if above == real or is_repository(real):
                found = self._none
                break
            real = above
        self._of.update(dict.fromkeys(passed, found))
        return found


def _in(folder: str) -> Located | None:
    """The configuration in a real folder, if it has one."""
    for name in (_OWN, _PYPROJECT):
        path = os.path.join(folder, name)
        if not os.path.lexists(path):
            continue
        shown = os.path.relpath(path)
        try:
            data = toml_table.read_bytes(_target(path, folder, shown), shown, follow=False)
        except UsageError:
            if name == _OWN:
                raise
            continue  # whoever keeps it need not know of boltseal
        table = _table(data, name, shown)
        if table is not None:
            return _located(table, shown, folder)
    return None


def _target(path: str, folder: str, shown: str) -> str:
    """The file to read. Raises UsageError for a link out of the repository.

    What a message says of a file may hold parts of it: a tree must not choose which file that is.
    """
    if not os.path.islink(path):
        return path
    real, top = os.path.realpath(path), repository_of(folder).rstrip(os.sep) + os.sep
    if not real.startswith(top) or ".git" in real[len(top) :].split(os.sep):
        raise UsageError(
            f"{shown}: a symbolic link that leads out of the repository; name the file with --config"
        )
    return real


def _table(data: bytes, name: str, shown: str) -> Table | None:
    """The table for boltseal in a file; None where it has none."""
    if name != _PYPROJECT:
        own = toml_table.parse(data, shown)
        if "tool" in own:
            raise UsageError(
                f"{shown}: [tool.boltseal] is for {_PYPROJECT}; here its keys stand alone"
            )
        return own
    if b"boltseal" not in data:
        return None
    table: Any = toml_table.parse(data, shown)
    tool = table.get("tool")
    table = tool.get("boltseal") if isinstance(tool, dict) else None
    return None if table is None else toml_table.table(table, f"{shown}: tool.boltseal")


def _located(table: Table, shown: str, folder: str) -> Located:
    from boltseal.configuration.keys import parse  # most runs have no configuration

    return Located(parse(table, shown), shown, folder, frozenset(table))
