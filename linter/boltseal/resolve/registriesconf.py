"""The files in which users tell their container tools of mirrors: containers-registries.conf(5).

A file that cannot be read or understood ends the run: what it blocks must not be asked for all the
same. Names without a host are Docker Hub's to boltseal: ``unqualified-search-registries`` and
aliases are not used, as a guess must not decide what is sealed.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from boltseal import toml_table
from boltseal.errors import UsageError, unknown
from boltseal.printable import brief
from boltseal.resolve.namespace import folded, is_wildcard, problem
from boltseal.resolve.routing import Mirror, Namespace, Pull
from boltseal.toml_table import Table

_FILE = "containers/registries.conf"
_SYSTEM = Path("/etc")
_REGISTRY = frozenset(
    {"prefix", "location", "blocked", "insecure", "mirror", "mirror-by-digest-only"}
)
_MIRROR = frozenset({"location", "insecure", "pull-from-mirror"})


class Registries(NamedTuple):
    """What the files say together, and warnings that are safe to print."""

    namespaces: tuple[Namespace, ...] = ()
    warnings: tuple[str, ...] = ()


class Files(NamedTuple):
    """The main file, whether it must be there, and the folders of the files that add to it."""

    main: Path
    required: bool
    drop_ins: tuple[Path, ...]


def named(path: Path) -> Files:
    """One file that the user names, with the folder of the same name and ``.d``."""
    return Files(path, required=True, drop_ins=(Path(f"{path}.d"),))


def usual(environment: Mapping[str, str], home: Path, system: Path = _SYSTEM) -> Files:
    """Where the user's container tools look (containers-registries.conf.d(5)).

    In: the environment, the home directory, and the folder of the machine's configuration.
    """
    own, shared = home / ".config" / _FILE, system / _FILE
    main = environment.get("CONTAINERS_REGISTRIES_CONF")
    folder = environment.get("CONTAINERS_REGISTRIES_CONF_DIR")
    uses_own = not main and _is_there(own)
    drop_ins = [own] if uses_own else [shared, own]
    folders = [Path(folder)] if folder else [it.with_name(f"{it.name}.d") for it in drop_ins]
    return Files(Path(main) if main else own if uses_own else shared, bool(main), tuple(folders))


def load(found: Files) -> Registries:
    """Read the files; a later one replaces what an earlier one says of the same prefix.

    Raises UsageError for a file that is broken, or is not there and must be.
    """
    namespaces: dict[str, Namespace] = {}
    warnings: list[str] = []
    for path in _paths(found):
        shown = brief(str(path), limit=200)
        document = toml_table.parse(toml_table.read_bytes(str(path), shown), shown)
        registries = parse(document, shown)
        namespaces.update((space.prefix, space) for space in registries.namespaces)
        warnings += registries.warnings
    return Registries(tuple(namespaces.values()), tuple(warnings))


def parse(document: Table, source: str) -> Registries:
    """What one file says; ``source`` is what to call it. Raises UsageError."""
    warnings: list[str] = []
    namespaces: dict[str, Namespace] = {}
    for space in [*_version_1(document, source), *_version_2(document, source, warnings)]:
        first = namespaces.setdefault(space.prefix, space)
        if (first.blocked, first.insecure) != (space.blocked, space.insecure):
            raise UsageError(
                f"{source}: registry {space.prefix!r} is there twice, with other settings"
            )
    return Registries(tuple(namespaces.values()), tuple(warnings))


def _paths(found: Files) -> Iterator[Path]:
    if found.required or _is_there(found.main):
        yield found.main
    for folder in found.drop_ins:
        if not _is_there(folder):
            continue
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - names, in the order of their bytes
        except NotADirectoryError:
            continue
        except OSError as error:
            raise UsageError(f"{brief(str(folder), limit=200)}: {error.strerror}") from None
        yield from (folder / name for name in names if name.endswith(".conf"))


def _is_there(path: Path) -> bool:
    """Whether there is anything; what may not even be looked at is another user's."""
    return os.path.exists(path)  # noqa: PTH110 - never raises


def _version_1(document: Table, source: str) -> Iterator[Namespace]:
    """The lists of the retired format: only what is blocked and what needs no TLS matters here."""
    lists = toml_table.table(document.get("registries", {}), f"{source}: registries")
    kinds = {
        kind: _version_1_names(lists.get(kind, {}), f"{source}: registries.{kind}")
        for kind in ("block", "insecure")
    }
    for name in dict.fromkeys([*kinds["block"], *kinds["insecure"]]):
        prefix = _place(name, f"{source}: registries")
        blocked, insecure = name in kinds["block"], name in kinds["insecure"]
        yield Namespace(prefix, source, blocked=blocked, insecure=insecure)


def _version_1_names(value: object, where: str) -> tuple[str, ...]:
    return toml_table.texts(toml_table.table(value, where).get("registries", []), where)


def _version_2(document: Table, source: str, warnings: list[str]) -> Iterator[Namespace]:
    for row in toml_table.rows(document.get("registry", []), f"{source}: registry"):
        name = row.get("prefix") or row.get("location")
        if not isinstance(name, str):
            raise UsageError(f"{source}: registry: each needs a prefix or a location")
        where = f"{source}: registry {name!r}"
        if "pull-from-mirror" in row:
            raise UsageError(f"{where}: pull-from-mirror stands at a mirror")
        _warn(row, _REGISTRY, where, warnings)
        prefix = _place(name, where)
        mirrors = toml_table.rows(row.get("mirror", []), f"{where}: mirror")
        digest_only = _flag(row, "mirror-by-digest-only", where)
        yield Namespace(
            prefix,
            source,
            _location(row, where) if row.get("location") else "",
            _flag(row, "blocked", where),
            _flag(row, "insecure", where),
            tuple(_mirror(mirror, where, warnings, digest_only=digest_only) for mirror in mirrors),
        )


def _mirror(row: Table, inside: str, warnings: list[str], *, digest_only: bool) -> Mirror:
    where = f"{inside}: mirror"
    _warn(row, _MIRROR, where, warnings)
    location = _location(row, where)
    pull = row.get("pull-from-mirror") or Pull.ALL
    if pull not in list(Pull):
        raise UsageError(f"{where}: pull-from-mirror must be one of {', '.join(Pull)}")
    if digest_only and row.get("pull-from-mirror"):
        raise UsageError(f"{where}: pull-from-mirror does not go with mirror-by-digest-only")
    return Mirror(
        location, _flag(row, "insecure", where), Pull.DIGEST_ONLY if digest_only else Pull(pull)
    )


def _location(row: Table, where: str) -> str:
    location = _place(toml_table.text(row.get("location"), f"{where}: location"), where)
    if is_wildcard(location):
        raise UsageError(f"{where}: a location has no '*'")
    return location


def _place(name: str, where: str) -> str:
    """A prefix or a location as names are compared with it."""
    trimmed = name.rstrip("/")
    if wrong := problem(trimmed):
        raise UsageError(f"{where}: {name!r} names no part of a registry: {wrong}")
    return folded(trimmed)


def _flag(row: Table, key: str, where: str) -> bool:
    return toml_table.flag(row.get(key, False), f"{where}: {key}")


def _warn(row: Table, known: frozenset[str], where: str, warnings: list[str]) -> None:
    """Note keys that are passed over: 'block = true' must not look as if it worked."""
    unread = sorted(row.keys() - known)
    shown = brief(where, limit=300)
    warnings += [f"{shown}: no effect: {unknown('key', key, known)}" for key in unread]
