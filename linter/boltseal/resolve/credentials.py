"""Looking for logins: in the user's files of them, and with the helpers that those name."""

import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from boltseal.home import home as user_home
from boltseal.printable import brief
from boltseal.reference import DOCKER_HUB
from boltseal.resolve import authfile, helper
from boltseal.resolve.authfile import AuthFile
from boltseal.resolve.credential import Broken, Credential, Found
from boltseal.resolve.sources import Absence, Source, sources


class Credentials(Protocol):
    """Anything that may know a login."""

    def find(self, registry: str, repository: str) -> Found:
        """Look for the login of a repository; may take a while, raises nothing."""
        ...


class Look(NamedTuple):
    """One look for a login, and what it brought.

    ``where`` names the source and ``setting`` what in it led here, '' for all of it; both are safe
    to print.
    """

    where: str
    setting: str
    found: Credential | Broken | Absence


class ConfiguredCredentials:
    """Logins as the user's container tools are configured. Safe to use from several threads.

    The first source with a login counts; ``sources`` has their order.
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        home: Path | None = None,
        helper_seconds: float = helper.TIME_LIMIT,
        explicit: AuthFile | None = None,
    ) -> None:
        """In: the environment, the home directory, the seconds a helper may take, a file to ask first."""
        self._environment = os.environ if environment is None else environment
        self._home = user_home() if home is None else home
        self._helper_seconds = helper_seconds
        self._explicit = explicit
        self._lock = threading.Lock()
        self._sources: list[Source] | None = None
        self._asked: dict[tuple[str, str], Credential | Broken | None] = {}

    def find(self, registry: str, repository: str) -> Found:
        """Look for the login of a repository.

        In: the registry's host, ``docker.io`` for Docker Hub, and the repository's path.
        Out: the login, or None for anonymous, with what went wrong on the way.
        """
        looks = self.look(registry, repository)
        warnings = tuple(look.found.reason for look in looks if isinstance(look.found, Broken))
        last = looks[-1].found
        return Found(last if isinstance(last, Credential) else None, warnings)

    def look(self, registry: str, repository: str) -> tuple[Look, ...]:
        """Look for the login of a repository; '' is the registry as a whole.

        Out: every look in order, at least one. Only the last can have brought a login.
        """
        with self._lock:
            if self._sources is None:
                self._sources = list(sources(self._environment, self._home, self._explicit))
            looks: list[Look] = []
            for look in self._looks(self._sources, authfile.keys(registry, repository)):
                looks.append(look)
                if isinstance(look.found, Credential):
                    break
            return tuple(looks)

    def _looks(self, places: list[Source], keys: list[str]) -> Iterator[Look]:
        for where, content in places:
            if isinstance(content, AuthFile):
                yield from self._by_helper(where, content, keys[-1])
                yield from _by_key(where, content, keys)
            elif isinstance(content, Broken):
                yield Look(where, "", Broken(f"{content.reason}; logins in it are not used"))
            else:
                yield Look(where, "", content)

    def _by_helper(self, where: str, file: AuthFile, host: str) -> Iterator[Look]:
        for setting, name in (("credHelpers", file.helpers.get(host)), ("credsStore", file.store)):
            if not name:
                continue
            found = self._ask(name, host, file.origin)
            if isinstance(found, Broken):
                found = Broken(f"{found.reason}; continuing without it ({file.origin})")
            by = f"{setting}, docker-credential-{brief(name)}"
            yield Look(where, by, Absence.NO_LOGIN if found is None else found)

    def _ask(self, name: str, host: str, origin: str) -> Credential | Broken | None:
        server = authfile.HUB_SERVER if host == DOCKER_HUB else host
        if (name, server) not in self._asked:
            self._asked[name, server] = helper.ask(name, server, origin, self._helper_seconds)
        return self._asked[name, server]


def _by_key(where: str, file: AuthFile, keys: list[str]) -> Iterator[Look]:
    for key in keys:
        found = authfile.login(file, key)
        if isinstance(found, Broken):
            found = Broken(f"{found.reason}; it is not used")
        if found is not None:
            yield Look(where, f"auths, {file.written[key]}", found)
    yield Look(where, "auths", Absence.NO_LOGIN)
