"""What a repository says about boltseal: ``boltseal.toml``, or ``[tool.boltseal]`` in pyproject.toml.

The file is part of the tree that is scanned and is not trusted: it can say where else to look and
what to pass over, and nothing about registries, credentials or the network.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from boltseal import files
from boltseal.errors import UsageError, unknown
from boltseal.settings import Config, CustomPlace, PythonNames

_MAX_SIZE = 1024 * 1024
_NAMES = ("boltseal.toml", "pyproject.toml")


def load(folder: str = ".") -> Config:
    """The configuration for a run in ``folder``: of the nearest file at it or above it.

    The search ends at the root of a git repository. Raises UsageError for a file that cannot be
    read, and for a key or a value that is unknown.
    """
    real = os.path.realpath(folder)
    while True:
        for name in _NAMES:
            path = os.path.join(real, name)
            table = _table(path, name) if os.path.isfile(path) else None
            if table is not None:
                return parse(table, os.path.relpath(path))
        above = os.path.dirname(real)
        if above == real or os.path.exists(os.path.join(real, ".git")):
            return Config()
        real = above


def parse(table: Mapping[str, Any], where: str) -> Config:
    """The configuration in a table. Raises UsageError; ``where`` names the file in it."""
    known = {key.replace("_", "-"): key for key in Config._fields}
    _refuse_unknown(table, known, where)
    return Config(
        tuple(_place(row, where) for row in _rows(table.get("place", []), f"{where}: place")),
        _python(table.get("python", {}), where),
        _texts(table.get("enable-places", []), f"{where}: enable-places"),
        _texts(table.get("disable-places", []), f"{where}: disable-places"),
    )


def _table(path: str, name: str) -> Mapping[str, Any] | None:
    """The table for boltseal in a file; None where it has none."""
    import tomllib

    shown = os.path.relpath(path)
    try:
        data = files.read(path, _MAX_SIZE, follow=True)
        if name == "pyproject.toml" and b"boltseal" not in data:
            return None
        table: Any = tomllib.loads(data.decode("utf-8-sig"))
    except files.Unreadable as error:
        raise UsageError(f"{shown}: {error.reason}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown}: not TOML: {' '.join(str(error).split())}") from None
    if name == "pyproject.toml":
        tool = table.get("tool")
        table = tool.get("boltseal") if isinstance(tool, dict) else None
        if table is None:
            return None
    if not isinstance(table, dict):
        raise UsageError(f"{shown}: tool.boltseal must be a table")
    return table


def _place(row: Mapping[str, Any], where: str) -> CustomPlace:
    known = {key.replace("_", "-"): key for key in CustomPlace._fields}
    _refuse_unknown(row, known, f"{where}: place")
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise UsageError(f"{where}: place: every place needs a name")
    inside = f"{where}: place {name!r}"
    lists = {
        known[key]: _texts(value, f"{inside}: {key}") for key, value in row.items() if key != "name"
    }
    place = CustomPlace(name, **lists)
    if not place.images and not place.not_images:
        raise UsageError(f"{inside}: 'images' is missing: paths such as spec.workers[*].image")
    if not place.files and not place.kinds:
        raise UsageError(f"{inside}: 'files' or 'kinds' is missing: where do the paths apply?")
    return place


def _python(table: object, where: str) -> PythonNames:
    if not isinstance(table, dict):
        raise UsageError(f"{where}: python must be a table")
    _refuse_unknown(table, {key: key for key in PythonNames._fields}, f"{where}: python")
    return PythonNames(
        *(_texts(table.get(key, []), f"{where}: python.{key}") for key in PythonNames._fields)
    )


def _rows(value: object, where: str) -> Iterable[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise UsageError(f"{where} must be an array of tables, [[…]]")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise UsageError(f"{where} must be an array of strings")
    return tuple(value)


def _refuse_unknown(table: Mapping[str, Any], known: Mapping[str, str], where: str) -> None:
    for key in table:
        if key not in known:
            raise UsageError(f"{where}: {unknown('key', key, known)}")
