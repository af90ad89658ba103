"""The settings that hold for a path, and where each is from."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from boltseal.configuration.configs import Located
from boltseal.configuration.keys import CONFIG
from boltseal.configuration.settings import Config
from boltseal.configuration.shape import ByName, Key, Rows, Table, plain
from boltseal.printable import printable
from boltseal.report import toml
from boltseal.userconfig import REGISTRIES, UserFile

_TYPED = "the command line"


class Setting(NamedTuple):
    """What holds for a key. ``origins`` are the file and the command line; none for a default."""

    key: Key
    value: Any
    origins: tuple[str, ...] = ()


class Shown(NamedTuple):
    """All that is shown: for which path, of which file ('' for none), and the user's own file."""

    path: str
    file: str
    settings: tuple[Setting, ...]
    user: UserFile


def shown(path: str, located: Located, effective: Config, user: UserFile) -> Shown:
    """What holds for a path. ``effective`` is the configuration with what was typed."""
    settings = tuple(
        Setting(
            key,
            key.shape.write(getattr(effective, key.field)),
            _origins(key, located, getattr(effective, key.field)),
        )
        for key in CONFIG.keys
    )
    return Shown(path, located.path, settings, user)


def _origins(key: Key, located: Located, value: Any) -> tuple[str, ...]:
    own = getattr(located.config, key.field)
    if value == own:
        return (located.path,) if key.name in located.keys else ()
    # What is typed is put behind what the file says or in its place, or takes something out of it.
    kept = isinstance(own, tuple) and any(entry in value for entry in own)
    return (located.path, _TYPED) if kept else (_TYPED,)


def toml_lines(found: Shown) -> Iterator[str]:
    """A file that could be ``boltseal.toml``, with where everything is from in comments."""
    file = printable(found.file) or "no file"
    yield f"# For {printable(found.path)}: {file}"
    yield ""
    tables = [one for one in found.settings if isinstance(one.key.shape, ByName | Rows | Table)]
    for setting in found.settings:
        if setting in tables:
            continue
        if not setting.value and getattr(setting.key.shape, "filled", False):
            yield f"# {setting.key.name}: {_comment(setting)}"  # an empty one would be refused
        else:
            yield f"{_entry(setting.key.name, setting.value)}  # {_comment(setting)}"
    for setting in tables:
        if not setting.value:
            yield f"# {setting.key.name}: {_comment(setting)}"
    for setting in tables:
        yield from _table_lines(setting)
    yield ""
    yield from (f"# {line}".rstrip() for line in _user_lines(found.user))


def json_text(found: Shown) -> str:
    """The same as one JSON object."""
    user = found.user
    record = {
        "path": found.path,
        "file": found.file or None,
        "settings": {
            one.key.name: {"value": one.value, "from": one.origins} for one in found.settings
        },
        "user": {
            "file": str(user.path),
            "exists": user.there,
            "registries": REGISTRIES.write(user.registries),
        },
    }
    return json.dumps(record, indent=2, ensure_ascii=True)


def _table_lines(setting: Setting) -> Iterator[str]:
    name = setting.key.name
    if isinstance(setting.key.shape, Rows):
        rows, head = setting.value, f"[[{name}]]"
    else:
        rows, head = [setting.value] if setting.value else [], f"[{name}]"
    for row in rows:
        yield from ("", f"{head}  # {_comment(setting)}")
        yield from (_entry(key, value) for key, value in row.items())


def _user_lines(user: UserFile) -> Iterator[str]:
    there = "" if user.there else ", which is not there"
    yield f"Your own file, {user.shown}{there}:"
    yield ""
    said = REGISTRIES.write(user.registries)
    yield "[registries]"
    for key in REGISTRIES.keys:
        if key.name in said:
            yield _entry(key.name, said[key.name])
        else:
            yield f"# {key.name}: default: {plain(key.without)}"


def _entry(key: str, value: Any) -> str:
    return f"{toml.key(key)} = {toml.value(value)}"


def _comment(setting: Setting) -> str:
    if setting.origins:
        return f"from {' and '.join(map(printable, setting.origins))}"
    return f"default: {plain(setting.key.without)}"
