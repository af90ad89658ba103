"""The files in which logins are looked for, in order."""

import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from boltseal.printable import brief
from boltseal.resolve import authfile
from boltseal.resolve.authfile import AuthFile
from boltseal.resolve.credential import Broken

CONTENT_VARIABLE = "DOCKER_AUTH_CONFIG"
FILE_VARIABLE = "REGISTRY_AUTH_FILE"


class Absence(StrEnum):
    """Why there is no login, where nothing is wrong."""

    UNSET = "not set"
    NO_FILE = "no such file"
    NO_LOGIN = "no login for it"


class Source(NamedTuple):
    """One place that may hold logins: what to call it, safe to print, and what it holds."""

    where: str
    content: AuthFile | Broken | Absence


def sources(
    environment: Mapping[str, str], home: Path, explicit: AuthFile | None = None
) -> Iterator[Source]:
    """Read every source of logins.

    In: the environment, the home directory, and the file that the user named to boltseal itself.
    Out: the sources in the order in which they count: that file; the content of
    ``DOCKER_AUTH_CONFIG``; then ``REGISTRY_AUTH_FILE`` alone where it is set, else Docker's file
    and Podman's.
    """
    if explicit is not None:
        yield Source(f"{explicit.origin} (--auth-file)", explicit)
    content = environment.get(CONTENT_VARIABLE, "")
    yield Source(
        CONTENT_VARIABLE, authfile.load(content, CONTENT_VARIABLE) if content else Absence.UNSET
    )
    if only := environment.get(FILE_VARIABLE):
        yield _at(Path(only), f" ({FILE_VARIABLE})")
        return
    yield Source(FILE_VARIABLE, Absence.UNSET)
    for path in _usual(environment, home):
        yield _at(path)


def _usual(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    docker = environment.get("DOCKER_CONFIG")
    yield (Path(docker) if docker else home / ".docker") / "config.json"
    # The places that containers-auth.json(5) lists.
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime and sys.platform not in ("darwin", "win32"):
        yield Path(runtime) / "containers" / "auth.json"
    config = environment.get("XDG_CONFIG_HOME")
    yield (Path(config) if config else home / ".config") / "containers" / "auth.json"


def _at(path: Path, remark: str = "") -> Source:
    content = authfile.read(path)
    where = brief(str(path), limit=200) + remark
    return Source(where, Absence.NO_FILE if content is None else content)
