"""What the user says about registries: a file of their own, never one of the tree that is scanned.

It is named by the environment variable ``BOLTSEAL_CONFIG``, else it is ``config.toml`` in the user's
configuration folder for boltseal, where it need not be.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from boltseal import toml_table
from boltseal.configuration.shape import (
    DIALECT,
    ByName,
    Choice,
    Key,
    Number,
    Schema,
    Table,
    Text,
    Texts,
)
from boltseal.printable import brief
from boltseal.resolve import registriesconf
from boltseal.resolve.namespace import folded, problem
from boltseal.resolve.options import MirrorUse, RegistryOptions

VARIABLE = "BOLTSEAL_CONFIG"

_LONGEST = 3600  # seconds
_MOST_AT_A_TIME = 64
_MOST_RETRIES = 10


def _host_problem(name: str) -> str:
    wrong = "/" in name or "*" in name or problem(name)
    return "it is not a host, such as registry.example.com:5000" if wrong else ""


def _path_problem(text: str) -> str:
    return "it has a character that no path has" if "\0" in text else ""


_path = Text("path", _path_problem)
_USUAL = RegistryOptions()


class Registries(NamedTuple):
    """The table ``registries`` as it is written; None for a key that is not there."""

    allowed: tuple[str, ...] | None = None
    plain_http: tuple[str, ...] = ()
    mirrors: MirrorUse = _USUAL.mirrors
    token_hosts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    auth_file: str | None = None
    ca_file: str | None = None
    registries_conf: str | None = None
    deadline: float = _USUAL.deadline
    concurrency: int | None = None
    retries: int = _USUAL.retries


class UserFile(NamedTuple):
    """The user's own file, as shown, with what it says; ``there`` is false where there is none."""

    path: Path
    there: bool
    registries: Registries = Registries()

    @property
    def shown(self) -> str:
        """The path for messages."""
        return brief(str(self.path), limit=200)


REGISTRIES = Table(
    (
        Key(
            "allowed",
            Texts(Text("registry", problem)),
            "The only registries that are asked, or parts of them; `--allow-registry` goes before "
            "it.",
            "all",
        ),
        Key(
            "plain-http",
            Texts(Text("host", _host_problem)),
            "Registries that may be asked without TLS, with their port; `--plain-http` adds to it.",
            "loopback addresses only",
        ),
        Key(
            "mirrors",
            Choice("use", MirrorUse),
            "What mirrors are asked for: `origin`, only digests, where the origin cannot be "
            "reached; `fallback`, tags too; `first`, both, before the origin. `--mirrors` goes "
            "before it.",
            f"`{_USUAL.mirrors}`",
        ),
        Key(
            "token-hosts",
            ByName(Text("registry"), Texts(Text("host"))),
            "Registries with the hosts of token services that may be sent their login, besides "
            "those that may anyway.",
            "none",
        ),
        Key(
            "auth-file",
            _path,
            "A file of logins to look in first; `--auth-file` goes before it.",
            "the logins of your container tools",
        ),
        Key(
            "ca-file",
            _path,
            "Certificates of authorities that are trusted besides the system's.",
            "none",
        ),
        Key(
            "registries-conf",
            _path,
            "The file to read in place of those of your container tools, with the folder of the "
            "same name and `.d`.",
            "the files of your container tools",
        ),
        Key(
            "deadline",
            Number(1, _LONGEST, whole=False),
            "Seconds for one reference at one place (its origin, each mirror).",
            f"{_USUAL.deadline:g}",
        ),
        Key(
            "concurrency",
            Number(1, _MOST_AT_A_TIME),
            "References at a time for one registry.",
            f"{_USUAL.concurrency}; over HTTP/2 {_USUAL.streams}, or as few as the registry takes",
        ),
        Key(
            "retries",
            Number(0, _MOST_RETRIES),
            "How often a reference is asked for again.",
            str(_USUAL.retries),
        ),
    ),
    Registries,
    joint=".",
)


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
    from boltseal.resolve.certificates import folders  # loads ssl

    file = read(environment, home)
    said = file.registries
    found = (
        registriesconf.usual(environment, home)
        if said.registries_conf is None
        else registriesconf.named(_beside(file.path, said.registries_conf))
    )
    conf = registriesconf.load(found)
    options = _options(said, file.path)._replace(
        namespaces=conf.namespaces, certificate_folders=folders(home)
    )
    logins = "" if said.auth_file is None else str(_beside(file.path, said.auth_file))
    return UserConfig(options, logins, conf.warnings)


def read(environment: Mapping[str, str], home: Path) -> UserFile:
    """The user's file alone. Raises UsageError as ``load`` does."""
    file = located(environment, home)
    if not file.there:
        return file
    path, shown = file.path, file.shown
    document = toml_table.parse(toml_table.read_bytes(str(path), shown), shown)
    toml_table.refuse_unknown(document, ("registries",), shown)
    table = document.get("registries", {})
    return file._replace(registries=REGISTRIES.read(table, f"{shown}: registries"))


def located(environment: Mapping[str, str], home: Path) -> UserFile:
    """Where the user's file is, and whether it is there, unread. One that is named counts as there."""
    named = environment.get(VARIABLE)
    path = Path(named) if named else _usual(home)
    there = bool(named) or (path.is_absolute() and os.path.exists(path))  # noqa: PTH110 - never raises
    return UserFile(path, there)


def schema() -> Schema:
    """The JSON Schema of the user's file."""
    return {
        "$schema": DIALECT,
        "title": "boltseal/config.toml, the user's own file",
        "type": "object",
        "properties": {"registries": REGISTRIES.schema({})},
        "additionalProperties": False,
    }


def _usual(home: Path) -> Path:
    from platformdirs import user_config_path

    try:
        folder = user_config_path("boltseal", appauthor=False)
    except RuntimeError:  # Nothing tells a home.
        folder = home / ".config" / "boltseal"
    return folder / "config.toml"


def _options(said: Registries, path: Path) -> RegistryOptions:
    at_a_time = said.concurrency
    return RegistryOptions(
        deadline=said.deadline,
        concurrency=_USUAL.concurrency if at_a_time is None else at_a_time,
        streams=_USUAL.streams if at_a_time is None else at_a_time,
        retries=said.retries,
        plain_http=frozenset(map(str.lower, said.plain_http)),
        allowed=None if said.allowed is None else frozenset(said.allowed),
        ca_file="" if said.ca_file is None else str(_beside(path, said.ca_file)),
        mirrors=said.mirrors,
        token_hosts=tuple(
            (folded(registry), frozenset(map(str.lower, hosts)))
            for registry, hosts in said.token_hosts
        ),
    )


def allowed(parts: tuple[str, ...], where: str) -> frozenset[str]:
    """Registries, or parts of them, as they may be asked. Raises UsageError."""
    return frozenset(Texts(Text("registry", problem)).read(list(parts), where))


def hosts(names: tuple[str, ...], where: str) -> frozenset[str]:
    """Hosts of registries, each with its port if it has one. Raises UsageError."""
    found = Texts(Text("host", _host_problem)).read(list(names), where)
    return frozenset(map(str.lower, found))


def _beside(file: Path, path: str) -> Path:
    """A path that a file names; a relative one starts at its folder."""
    return file.parent / os.path.expanduser(path)  # noqa: PTH111 - never raises
