"""Where logins are looked for: Docker's configuration, then Podman's."""

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from boltseal.reference import DOCKER_HUB
from boltseal.resolve import authfile, helper
from boltseal.resolve.authfile import AuthFile
from boltseal.resolve.credential import Credential, Found


class Credentials(Protocol):
    """Anything that may know a login."""

    def find(self, registry: str, repository: str) -> Found:
        """Look for the login of a repository; may take a while, raises nothing."""
        ...


class ConfiguredCredentials:
    """Logins as the user's container tools are configured. Safe to use from several threads.

    The first source with a login counts: the content of ``DOCKER_AUTH_CONFIG``; then
    ``REGISTRY_AUTH_FILE`` alone when it is set, else ``$DOCKER_CONFIG/config.json`` or
    ``~/.docker/config.json``, then Podman's files.
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        home: Path | None = None,
        helper_seconds: float = helper.TIME_LIMIT,
    ) -> None:
        """In: the environment, the home directory, and the seconds a helper may take."""
        self._environment = os.environ if environment is None else environment
        self._home = Path(os.path.expanduser("~")) if home is None else home  # noqa: PTH111 - never raises
        self._helper_seconds = helper_seconds
        self._lock = threading.Lock()
        self._files: list[AuthFile] | None = None
        self._warnings: tuple[str, ...] = ()
        self._asked: dict[tuple[str, str], Credential | helper.Broken | None] = {}

    def find(self, registry: str, repository: str) -> Found:
        """Look for the login of a repository.

        In: the registry's host, ``docker.io`` for Docker Hub, and the repository's path.
        Out: the login, or None for anonymous, with what went wrong on the way.
        """
        with self._lock:
            if self._files is None:
                self._files, self._warnings = self._read_all()
            warnings = list(self._warnings)
            for file in self._files:
                credential = self._in_file(file, registry, repository, warnings)
                if credential is not None:
                    return Found(credential, tuple(warnings))
            return Found(None, tuple(warnings))

    def _read_all(self) -> tuple[list[AuthFile], tuple[str, ...]]:
        files: list[AuthFile] = []
        warnings: list[str] = []
        for result in self._sources():
            if isinstance(result, authfile.Broken):
                warnings.append(f"{result.reason}; logins in it are not used")
            elif result is not None:
                files.append(result)
        return files, tuple(warnings)

    def _sources(self) -> Iterator[AuthFile | authfile.Broken | None]:
        if content := self._environment.get("DOCKER_AUTH_CONFIG", ""):
            yield authfile.load(content, "DOCKER_AUTH_CONFIG")
        for path in self._paths():
            yield authfile.read(path)

    def _paths(self) -> Iterator[Path]:
        environment = self._environment
        if only := environment.get("REGISTRY_AUTH_FILE"):
            yield Path(only)
            return
        docker = environment.get("DOCKER_CONFIG")
        yield (Path(docker) if docker else self._home / ".docker") / "config.json"
        # The places that containers-auth.json(5) lists.
        runtime = environment.get("XDG_RUNTIME_DIR")
        if runtime and sys.platform not in ("darwin", "win32"):
            yield Path(runtime) / "containers" / "auth.json"
        config = environment.get("XDG_CONFIG_HOME")
        yield (Path(config) if config else self._home / ".config") / "containers" / "auth.json"

    def _in_file(
        self, file: AuthFile, registry: str, repository: str, warnings: list[str]
    ) -> Credential | None:
        candidates = authfile.keys(registry, repository)
        host = candidates[-1]
        for name in (file.helpers.get(host), file.store):
            found = self._ask(name, host, file.origin) if name else None
            if isinstance(found, helper.Broken):
                warnings.append(f"{found.reason}; continuing without it ({file.origin})")
            elif found is not None:
                return found
        for key in candidates:
            login = authfile.login(file, key)
            if isinstance(login, authfile.Broken):
                warnings.append(f"{login.reason}; it is not used")
            elif login is not None:
                return login
        return None

    def _ask(self, name: str, host: str, origin: str) -> Credential | helper.Broken | None:
        server = authfile.HUB_SERVER if host == DOCKER_HUB else host
        if (name, server) not in self._asked:
            self._asked[name, server] = helper.ask(name, server, origin, self._helper_seconds)
        return self._asked[name, server]
