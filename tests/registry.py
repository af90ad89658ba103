"""A real registry on this machine, for tests that should not trust a mock."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.imagelayout import sample

USER, PASSWORD = "tester", "correct horse"
_PROGRAMS = ("docker-registry", "skopeo", "htpasswd")
_START_SECONDS = 20.0


class Registry(NamedTuple):
    """A running registry: its ``host:port``, and the digests of the images ready to be pushed."""

    host: str
    layout: Path
    digests: dict[str, str]
    login: str

    def push(self, layout_tag: str, name: str, docker: bool = False) -> str:
        """Copy an image of the layout (``single`` or ``multi``) to ``repository:tag``.

        Its digest comes back: that of the layout, unless it is converted to Docker's format.
        """
        form = ["--format", "v2s2"] if docker else ["--preserve-digests"]
        login = ["--dest-creds", self.login] if self.login else []
        target = f"docker://{self.host}/{name}"
        digest_file = self.layout.parent / "pushed-digest"
        options = ["--dest-tls-verify=false", f"--digestfile={digest_file}"]
        copy = ["skopeo", "--insecure-policy", "copy", "--quiet", "--all"]
        _run([*copy, *form, *login, *options, f"oci:{self.layout}:{layout_tag}", target])
        return digest_file.read_text().strip()


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry without login, in plain http on 127.0.0.1."""
    with running(tmp_path_factory.mktemp("registry")) as running_registry:
        yield running_registry


@pytest.fixture(scope="session")
def private_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that wants ``USER`` and ``PASSWORD``."""
    login = f"{USER}:{PASSWORD}"
    with running(tmp_path_factory.mktemp("private-registry"), login) as running_registry:
        yield running_registry


@contextmanager
def running(directory: Path, login: str = "") -> Iterator[Registry]:
    """Run a registry with its data in ``directory``, until the end of the block."""
    need_programs()
    digests = sample(directory / "layout")
    port = _free_port()
    configuration = directory / "config.yml"
    configuration.write_text(_configuration(directory, port, _password_file(directory, login)))
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(configuration)],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ["PATH"], "OTEL_TRACES_EXPORTER": "none"},
        )
    try:
        _wait_for(port, process, directory / "log")
        yield Registry(f"127.0.0.1:{port}", directory / "layout", digests, login)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def need_programs() -> None:
    """Skip the test without the programs; fail it where BOLTSEAL_REQUIRE_REGISTRY is 1."""
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if not missing:
        return
    message = f"not installed: {', '.join(missing)}"
    if os.environ.get("BOLTSEAL_REQUIRE_REGISTRY") == "1":
        pytest.fail(message)
    pytest.skip(message)


def _configuration(directory: Path, port: int, passwords: Path | None) -> str:
    text = f"""version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {directory / "data"}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""
    if passwords is not None:
        text += f"auth: {{htpasswd: {{realm: tests, path: {passwords}}}}}\n"
    return text


def _password_file(directory: Path, login: str) -> Path | None:
    if not login:
        return None
    path = directory / "htpasswd"
    # The least cost that bcrypt has: the password is no secret.
    _run(["htpasswd", "-c", "-b", "-B", "-C", "4", str(path), *login.split(":", 1)])
    return path


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the registry stopped:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the registry did not start:\n{log.read_text()}")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode:
        pytest.fail(f"{command[0]} failed:\n{done.stderr}")
