"""What the user says about registries: a file of their own, never one of the tree that is scanned.

It is named by the environment variable ``BOLTSEAL_CONFIG``, else it is ``config.toml`` in the user's
configuration folder for boltseal, where it need not be.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from boltseal import toml_table
from boltseal.errors import UsageError, unknown
from boltseal.printable import brief
from boltseal.resolve import registriesconf
from boltseal.resolve.certificates import folders
from boltseal.resolve.namespace import folded, problem
from boltseal.resolve.options import MirrorUse, RegistryOptions
from boltseal.toml_table import Table

VARIABLE = "BOLTSEAL_CONFIG"
KEYS = (
    "allowed",
    "plain-http",
    "mirrors",
    "token-hosts",
    "auth-file",
    "ca-file",
    "registries-conf",
    "deadline",
    "concurrency",
    "retries",
)
"""The keys of the table ``registries``, the only one there is."""

_LONGEST = 3600.0  # seconds
_MOST_AT_A_TIME = 64
_MOST_RETRIES = 10


class UserConfig(NamedTuple):
    """The options, the file of logins to look in first ('' for none), and warnings to show."""

    options: RegistryOptions
    auth_file: str = ""
    warnings: tuple[str, ...] = ()


def load(environment: Mapping[str, str], home: Path) -> UserConfig:
    """Read the user's file, and the files of mirrors and certificates of their container tools.

    In: the environment, and the home directory. Raises UsageError for a file that is broken, or
    that is named and not there.
    """
    named = environment.get(VARIABLE)
    path = Path(named) if named else _usual(home)
    shown = brief(str(path), limit=200)
    table: Table = {}
    if named or (path.is_absolute() and os.path.exists(path)):  # noqa: PTH110 - never raises
        table = _registries(toml_table.parse(toml_table.read_bytes(str(path), shown), shown), shown)
    where = f"{shown}: registries"
    conf = table.get("registries-conf")
    found = (
        registriesconf.usual(environment, home)
        if conf is None
        else registriesconf.named(_path(conf, f"{where}.registries-conf", path))
    )
    registries = registriesconf.load(found)
    options = _options(table, where, path)._replace(
        namespaces=registries.namespaces, certificate_folders=folders(home)
    )
    logins = table.get("auth-file")
    auth_file = "" if logins is None else str(_path(logins, f"{where}.auth-file", path))
    return UserConfig(options, auth_file, registries.warnings)


def _usual(home: Path) -> Path:
    from platformdirs import user_config_path

    try:
        folder = user_config_path("boltseal", appauthor=False)
    except RuntimeError:  # Nothing tells a home.
        folder = home / ".config" / "boltseal"
    return folder / "config.toml"


def _registries(document: Table, shown: str) -> Table:
    toml_table.refuse_unknown(document, ("registries",), shown)
    table = toml_table.table(document.get("registries", {}), f"{shown}: registries")
    toml_table.refuse_unknown(table, KEYS, f"{shown}: registries")
    return table


def _options(table: Table, where: str, path: Path) -> RegistryOptions:
    usual = RegistryOptions()
    at_a_time = toml_table.whole_number(
        table.get("concurrency", usual.concurrency), f"{where}.concurrency", 1, _MOST_AT_A_TIME
    )
    allowed, ca_file = table.get("allowed"), table.get("ca-file")
    return RegistryOptions(
        deadline=toml_table.number(
            table.get("deadline", usual.deadline), f"{where}.deadline", 1, _LONGEST
        ),
        concurrency=at_a_time,
        streams=at_a_time if "concurrency" in table else usual.streams,
        retries=toml_table.whole_number(
            table.get("retries", usual.retries), f"{where}.retries", 0, _MOST_RETRIES
        ),
        plain_http=hosts(
            toml_table.texts(table.get("plain-http", []), f"{where}.plain-http"),
            f"{where}.plain-http",
        ),
        allowed=None if allowed is None else _allowed(allowed, f"{where}.allowed"),
        ca_file="" if ca_file is None else str(_path(ca_file, f"{where}.ca-file", path)),
        mirrors=_mirrors(table.get("mirrors", usual.mirrors), f"{where}.mirrors"),
        token_hosts=_token_hosts(table.get("token-hosts", {}), f"{where}.token-hosts"),
    )


def _allowed(value: object, where: str) -> frozenset[str]:
    return allowed(toml_table.texts(value, where), where)


def allowed(parts: tuple[str, ...], where: str) -> frozenset[str]:
    """Registries, or parts of them, as they may be asked. Raises UsageError."""
    for part in parts:
        if wrong := problem(part):
            raise UsageError(f"{where}: {brief(part)!r}: {wrong}")
    return frozenset(parts)


def hosts(names: tuple[str, ...], where: str) -> frozenset[str]:
    """Hosts of registries, each with its port if it has one. Raises UsageError."""
    for name in names:
        if "/" in name or "*" in name or problem(name):
            raise UsageError(f"{where}: {brief(name)!r} is not a host, such as registry:5000")
    return frozenset(name.lower() for name in names)


def _mirrors(value: object, where: str) -> MirrorUse:
    for use in MirrorUse:
        if value == use:
            return use
    raise UsageError(f"{where}: {unknown('use', brief(str(value)), tuple(MirrorUse))}")


def _token_hosts(value: object, where: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Registry to the hosts of token services that may be sent its login."""
    table = toml_table.table(value, where)
    return tuple(
        (
            folded(registry),
            frozenset(map(str.lower, toml_table.texts(hosts, f"{where}.{brief(registry)}"))),
        )
        for registry, hosts in table.items()
    )


def _path(value: object, where: str, file: Path) -> Path:
    """A path; a relative one starts at the folder of the file that names it."""
    text = toml_table.text(value, where)
    if "\0" in text:
        raise UsageError(f"{where} has a character that no path has")
    return file.parent / os.path.expanduser(text)  # noqa: PTH111 - never raises
