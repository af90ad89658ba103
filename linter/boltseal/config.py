"""What a repository says about boltseal: ``boltseal.toml``, or ``[tool.boltseal]`` in pyproject.toml.

The file is part of the tree that is scanned and is not trusted: it can say where else to look and
what to pass over, and nothing about registries, credentials or the network.
"""

import os
from typing import Any

from boltseal import toml_table
from boltseal.errors import UsageError
from boltseal.settings import Config, CustomPlace, PythonNames
from boltseal.toml_table import Table, refuse_unknown, rows, texts

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


def parse(table: Table, where: str) -> Config:
    """The configuration in a table. Raises UsageError; ``where`` names the file in it."""
    known = {key.replace("_", "-"): key for key in Config._fields}
    refuse_unknown(table, known, where)
    return Config(
        tuple(_place(row, where) for row in rows(table.get("place", []), f"{where}: place")),
        _python(table.get("python", {}), where),
        texts(table.get("enable-places", []), f"{where}: enable-places"),
        texts(table.get("disable-places", []), f"{where}: disable-places"),
    )


def _table(path: str, name: str) -> Table | None:
    """The table for boltseal in a file; None where it has none."""
    shown = os.path.relpath(path)
    data = toml_table.read_bytes(path, shown)
    if name == "pyproject.toml" and b"boltseal" not in data:
        return None
    table: Any = toml_table.parse(data, shown)
    if name == "pyproject.toml":
        tool = table.get("tool")
        table = tool.get("boltseal") if isinstance(tool, dict) else None
        if table is None:
            return None
    return toml_table.table(table, f"{shown}: tool.boltseal")


def _place(row: Table, where: str) -> CustomPlace:
    known = {key.replace("_", "-"): key for key in CustomPlace._fields}
    refuse_unknown(row, known, f"{where}: place")
    name = row.get("name")
    if not isinstance(name, str) or not name:
        raise UsageError(f"{where}: place: every place needs a name")
    inside = f"{where}: place {name!r}"
    lists = {
        known[key]: texts(value, f"{inside}: {key}") for key, value in row.items() if key != "name"
    }
    place = CustomPlace(name, **lists)
    if not place.images and not place.not_images:
        raise UsageError(f"{inside}: 'images' is missing: paths such as spec.workers[*].image")
    if not place.files and not place.kinds:
        raise UsageError(f"{inside}: 'files' or 'kinds' is missing: where do the paths apply?")
    return place


def _python(value: object, where: str) -> PythonNames:
    table = toml_table.table(value, f"{where}: python")
    refuse_unknown(table, {key: key for key in PythonNames._fields}, f"{where}: python")
    return PythonNames(
        *(texts(table.get(key, []), f"{where}: python.{key}") for key in PythonNames._fields)
    )
