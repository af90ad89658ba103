"""A real registry on this machine, for tests that should not trust a mock."""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.imagelayout import sample

USER, PASSWORD = "tester", "correct horse"
_PROGRAMS = ("docker-registry", "skopeo", "htpasswd")
_START_SECONDS = 20.0
# Apache's combined format: the request, its status, and last the client.
_ACCESS = re.compile(r'^127\.0\.0\.1 .*?\] "(\w+ \S+) [^"]*" (\d+) .* "([^"]*)"$', re.MULTILINE)


class Door(NamedTuple):
    """How a registry is entered: what its configuration says, and what skopeo has to bring.

    ``settings`` are lines of the configuration, ``http`` entries of its section for that;
    ``login`` is ``user:password``; ``certificates`` a folder with the authority to trust, and with
    the client's certificate where one is wanted.
    """

    settings: str = ""
    http: str = ""
    login: str = ""
    certificates: Path | None = None

    def options(self, prefix: str = "") -> list[str]:
        """The options of skopeo; ``prefix`` is ``dest-`` for a copy."""
        login = [f"--{prefix}creds={self.login}"] if self.login else []
        if self.certificates is None:
            return [*login, f"--{prefix}tls-verify=false"]
        return [*login, f"--{prefix}cert-dir={self.certificates}"]


OPEN = Door()


class Registry(NamedTuple):
    """A running registry: its ``host:port``, and the digests of the images ready to be pushed."""

    host: str
    layout: Path
    digests: dict[str, str]
    door: Door
    log: Path

    def push(self, layout_tag: str, name: str, docker: bool = False) -> str:
        """Copy an image of the layout (``single`` or ``multi``) to ``repository:tag``.

        Its digest comes back: that of the layout, unless it is converted to Docker's format.
        """
        form = ["--format", "v2s2"] if docker else ["--preserve-digests"]
        target = f"docker://{self.host}/{name}"
        digest_file = self.layout.parent / "pushed-digest"
        options = [*self.door.options("dest-"), f"--digestfile={digest_file}"]
        copy = ["skopeo", "--insecure-policy", "copy", "--quiet", "--all"]
        run([*copy, *form, *options, f"oci:{self.layout}:{layout_tag}", target])
        return digest_file.read_text().strip()

    def served(self, name: str) -> str:
        """The digest of the very bytes that another client gets for ``repository:tag``."""
        inspect = ["skopeo", "inspect", "--raw", *self.door.options()]
        return (
            f"sha256:{hashlib.sha256(run([*inspect, f'docker://{self.host}/{name}'])).hexdigest()}"
        )

    @contextmanager
    def watched(self) -> Iterator[list[str]]:
        """What boltseal asks of the registry within the block, each as ``METHOD path status``.

        The list is filled at the end of the block. The registry writes an access down before it
        sends its answer.
        """
        start = self.log.stat().st_size
        asked: list[str] = []
        yield asked
        lines = self.log.read_bytes()[start:].decode()
        for request, status, client in _ACCESS.findall(lines):
            if client.startswith("boltseal/"):
                asked.append(f"{request} {status}")


@contextmanager
def running(directory: Path, door: Door = OPEN) -> Iterator[Registry]:
    """Run a registry with its data in ``directory``, until the end of the block."""
    need_programs()
    directory.mkdir(exist_ok=True)
    digests = sample(directory / "layout")
    port = free_port()
    configuration, log = directory / "config.yml", directory / "log"
    configuration.write_text(_configuration(directory, port, door))
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(configuration)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ["PATH"], "OTEL_TRACES_EXPORTER": "none"},
        )
    try:
        _wait_for(port, process, log)
        yield Registry(f"127.0.0.1:{port}", directory / "layout", digests, door, log)
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


def behind_password(directory: Path) -> Door:
    """Only for ``USER`` with ``PASSWORD``."""
    need_programs()
    path = directory / "htpasswd"
    # The least cost that bcrypt has: the password is no secret.
    run(["htpasswd", "-c", "-b", "-B", "-C", "4", str(path), USER, PASSWORD])
    settings = f"auth: {{htpasswd: {{realm: tests, path: {path}}}}}\n"
    return Door(settings, login=f"{USER}:{PASSWORD}")


def run(command: Sequence[str]) -> bytes:
    """Run a program to its end; its output comes back."""
    done = subprocess.run(command, capture_output=True, timeout=60)
    if done.returncode:
        pytest.fail(f"{command[0]} failed:\n{done.stderr.decode()}")
    return done.stdout


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def _configuration(directory: Path, port: int, door: Door) -> str:
    return f"""version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {directory / "data"}}}}}
http: {{addr: "127.0.0.1:{port}", {door.http}}}
{door.settings}"""


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the registry stopped:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"the registry did not start:\n{log.read_text()}")
