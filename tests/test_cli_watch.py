"""What ``fix`` says while it asks registries, and after."""

import base64
import json
import os
import pty
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.resolve.mockregistry import INDEX_DIGEST
from tests.resolve.servers import listening

FOUND = (
    "200 OK",
    "Content-Type: application/vnd.oci.image.index.v1+json",
    f"Docker-Content-Digest: {INDEX_DIGEST}",
)


class Asked(NamedTuple):
    """A request as the server reads it."""

    method: str
    target: str
    headers: Mapping[str, str]


Answers = Callable[[Asked], Sequence[str]]
"""From a request to the status and the headers of its answer; a last '=' starts the body."""


def serving(answers: Answers) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return
            data += part
        head, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        method, target, _ = head.split(" ", 2)
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        answer = list(answers(Asked(method, target, headers)))
        body = answer.pop()[1:].encode() if answer[-1].startswith("=") else b""
        answer = [f"HTTP/1.1 {answer[0]}", *answer[1:]]
        answer += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        connection.sendall("\r\n".join(answer).encode() + (body if method != "HEAD" else b""))

    return serve


@contextmanager
def registry(answers: Answers) -> Iterator[str]:
    with listening(serving(answers)) as port:
        yield f"127.0.0.1:{port}"


def always(*answer: str) -> Answers:
    return lambda _: answer


def environment(home: Path, **more: str) -> dict[str, str]:
    """Without the login and the service of whoever runs the tests."""
    names = ("CI", "NO_COLOR", "DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "TERM": "xterm", **more}


def fix(
    folder: Path, references: Sequence[str], *options: str, **more: str
) -> subprocess.CompletedProcess[str]:
    text = "".join(f"FROM {reference}\n" for reference in references)
    (folder / "Dockerfile").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "boltseal", "fix", *options],
        cwd=folder,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


LIMIT = ("RateLimit-Limit: 100;w=21600", "RateLimit-Remaining: 12;w=21600")


def test_a_low_rate_limit_is_told_at_the_end(tmp_path: Path) -> None:
    with registry(always(*FOUND, *LIMIT)) as host:
        done = fix(tmp_path, [f"{host}/a:1", f"{host}/b:1"])
    assert done.returncode == 0
    assert done.stderr == f"boltseal: {host}: 12 of 100 left in 6 hours\n"


def test_quiet_says_nothing_of_limits_and_announcements(tmp_path: Path) -> None:
    with registry(always(*FOUND, *LIMIT, 'Warning: 299 - "moving"')) as host:
        assert "announces: moving" in fix(tmp_path, [f"{host}/a:1"]).stderr
        done = fix(tmp_path, [f"{host}/a:1"], "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_quiet_still_shows_findings_and_warnings(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with registry(always("404 Not Found")) as host:
        login = ("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"')
        assert "no such tag" in fix(tmp_path, [f"{host}/a:1"], "-q").stdout
    with registry(always(*login)) as host:
        done = fix(tmp_path, [f"{host}/a:1"], "-q", DOCKER_CONFIG=str(tmp_path))
    assert "config.json is not JSON" in done.stderr
    assert done.returncode == 3


def test_quiet_and_verbose_contradict_each_other(tmp_path: Path) -> None:
    done = fix(tmp_path, [], "-q", "-v")
    assert done.returncode == 2
    assert done.stderr == "boltseal: --quiet and --verbose contradict each other\n"


def test_a_host_that_is_down_is_explained_once(tmp_path: Path) -> None:
    down = f"127.0.0.1:{closed_port()}"
    with registry(always(*FOUND)) as host:
        done = fix(tmp_path, [*(f"{down}/app:{number}" for number in range(40)), f"{host}/a:1"])
    lines = done.stdout.splitlines()
    advice = "check the network, the proxy settings, and that the registry runs"
    assert done.returncode == 3
    assert lines[3] == (
        "Dockerfile:4:6: warning[mutable-tag]: the tag '3' can be moved to another image; "
        f"not resolved: {down}/app:3"
    )
    assert lines[40:] == [
        f"{down} cannot be reached: 40 references not resolved; {advice}",
        "Sealed 1 use in 1 file. Left: 40 findings that could not be resolved.",
    ]
    assert done.stderr == ""


def test_every_finding_of_a_host_that_is_down_is_there_for_programs(tmp_path: Path) -> None:
    down = f"127.0.0.1:{closed_port()}"
    done = fix(tmp_path, [f"{down}/app:{number}" for number in range(3)], "--format", "jsonl")
    hints = [json.loads(line)["hint"] for line in done.stdout.splitlines()]
    assert len(hints) == 3
    assert all(f"{down} cannot be reached" in hint for hint in hints)


def test_one_reference_of_a_host_that_is_down_is_shown_in_full(tmp_path: Path) -> None:
    done = fix(tmp_path, [f"127.0.0.1:{closed_port()}/app:1"])
    assert "hint: not sealed: 127.0.0.1" in done.stdout
    assert "references not resolved" not in done.stdout


def test_verbose_shows_every_exchange(tmp_path: Path) -> None:
    answers = [FOUND, ("503 Busy", "Retry-After: 0")]
    with registry(lambda _: answers.pop()) as host:
        done = fix(tmp_path, [f"{host}/app:1.0"], "-v")
    shown = re.sub(r"\(\d+ ms\)", "(N ms)", done.stderr)
    assert shown.splitlines() == [
        f"HEAD {host}/v2/app/manifests/1.0 503 (N ms)",
        f"waiting 0.1 s for {host}: status 503",
        f"HEAD {host}/v2/app/manifests/1.0 200 (N ms)",
    ]


def test_verbose_shows_what_is_left_of_a_limit(tmp_path: Path) -> None:
    with registry(always(*FOUND, "RateLimit-Limit: 9", "RateLimit-Remaining: 8")) as host:
        done = fix(tmp_path, [f"{host}/app:1.0"], "--verbose")
    assert re.search(r"200 \(\d+ ms, 8 of 9 left\)", done.stderr)


def test_verbose_shows_where_no_answer_came(tmp_path: Path) -> None:
    host = f"127.0.0.1:{closed_port()}"
    lines = fix(tmp_path, [f"{host}/app:1.0"], "-v").stderr.splitlines()
    assert len(lines) == 7
    assert re.fullmatch(
        rf"HEAD {host}/v2/app/manifests/1\.0 no answer: connect \(\d+ ms\)", lines[0]
    )
    assert re.fullmatch(rf"waiting \d\.\d s for {host}: connect", lines[1])


SECRETS = {
    "password": "pass-word-7c1d",
    "identity": "identity-token-9e2f",
    "registry": "registry-token-3b4a",
    "token": "bearer-token-5d6c",
    "realm": "realm-query-8f7e",
    "signature": "signature-2a1b",
    "fragment": "fragment-4c3d",
    "userinfo": "userinfo-6e5f",
    "body": "error-body-1f2e",
    "helper": "helper-says-0a9b",
}


def hostile(host: Callable[[], str]) -> Answers:
    """A registry that repeats in every place what it was sent, and adds secrets of its own."""

    def token(target: str) -> Sequence[str]:
        if "broken" in target:
            return ("500 Error", f'Warning: 299 - "{SECRETS["token"]}"', f"={SECRETS['body']}")
        if "limited" in target:
            return ("429 Slow", "Retry-After: 900", f"={SECRETS['body']}")
        if "denied" in target:
            return ("403 No", f"={SECRETS['body']}")
        return ("200 OK", f'Warning: 299 - "{SECRETS["token"]}"', f"={_token()}")

    def answers(asked: Asked) -> Sequence[str]:
        method, target, headers = asked
        authorization = headers.get("authorization", "")
        echo = (
            f'Warning: 299 - "{authorization.partition(" ")[2]}", 299 - "{authorization}"',
            f"RateLimit-Limit: {authorization}",
            f"RateLimit-Remaining: {authorization}",
            f"Server: {authorization}",
            f"Docker-Content-Digest: {authorization}",
            f"Docker-RateLimit-Source: {SECRETS['body']}",
        )
        if target.startswith("/token"):
            return token(target)
        if "signed" in target:
            return ("403 Forbidden", *echo, f"={SECRETS['body']}")
        if not authorization:
            user = f"u:{SECRETS['userinfo']}@" if "userinfo" in target else ""
            realm = f"http://{user}{host()}/token?key={SECRETS['realm']}#{SECRETS['fragment']}"
            challenge = f'WWW-Authenticate: Bearer realm="{realm}",service="{SECRETS["realm"]}"'
            return ("401 Unauthorized", challenge, *echo, f"={SECRETS['body']}")
        if method == "HEAD":
            return ("200 OK", *echo)
        sent = authorization.partition(" ")[2]
        return ("307 Go", f"Location: {_location(target, host(), sent)}", *echo)

    return answers


def _token() -> str:
    return json.dumps({"token": SECRETS["token"]})


def _location(target: str, host: str, sent: str) -> str:
    query = f"?X-Signature={SECRETS['signature']}#{SECRETS['fragment']}"
    if "login-in-location" in target:
        return f"http://u:{SECRETS['userinfo']}@{host}/signed{query}"
    if "steering" in target:
        return f"http://{host}/signed/\u202e%1b[31m{query}"
    if "echoing" in target:
        return f"http://{host}/signed/{sent}/%62{sent[1:]}{query}"
    if "elsewhere" in target:
        return f"http://localhost:{host.partition(':')[2]}/signed/{SECRETS['signature']}{query}"
    return f"http://{host}/signed/blob{query}"


def _logins(folder: Path, host: str, kind: str) -> None:
    """A configuration that holds one login of a kind."""
    entry: dict[str, str] = {}
    config: dict[str, object] = {"auths": {host: entry}}
    if kind == "password":
        entry["auth"] = base64.b64encode(f"me:{SECRETS['password']}".encode()).decode()
    elif kind == "identity":
        entry["identitytoken"] = SECRETS["identity"]
    elif kind == "registry":
        entry["registrytoken"] = SECRETS["registry"]
    else:
        config = {"credHelpers": {host: "planted"}}
    (folder / "config.json").write_text(json.dumps(config))
    program = folder / "docker-credential-planted"
    login = json.dumps({"Username": "me", "Secret": SECRETS["password"]})
    end = f"echo '{login}'" if kind == "helper" else f"echo {SECRETS['helper']}; exit 1"
    program.write_text(f"#!/bin/sh\necho {SECRETS['helper']} >&2\n{end}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("kind", ["password", "identity", "registry", "helper", "broken helper"])
def test_verbose_shows_no_secret_however_a_registry_repeats_it(tmp_path: Path, kind: str) -> None:
    names = ("plain", "userinfo", "login-in-location", "steering", "echoing", "elsewhere")
    names = (*names, "broken", "denied")
    hosts: list[str] = []
    with registry(hostile(lambda: hosts[0])) as host:
        hosts.append(host)
        _logins(tmp_path, host, kind)
        variables = {
            "DOCKER_CONFIG": str(tmp_path),
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
        }
        done = fix(tmp_path, [f"{host}/{name}:1" for name in names], "-v", **variables)
        limited = fix(tmp_path, [f"{host}/limited:1"], "-v", **variables)
    shown = done.stdout + done.stderr + limited.stdout + limited.stderr
    encoded = base64.b64encode(f"me:{SECRETS['password']}".encode()).decode()
    assert done.returncode == 3
    for name, secret in (*SECRETS.items(), ("encoded", encoded)):
        assert secret not in shown, name
    assert all(line.isprintable() for line in shown.splitlines())
    # It did get that far.
    assert re.search(rf"^HEAD {host}/v2/plain/manifests/1 200 ", done.stderr, re.MULTILINE)
    assert re.search(rf"^GET {host}/signed/blob 403 ", done.stderr, re.MULTILINE)
    assert re.search(rf"^GET {host}/\.\.\. 403 ", done.stderr, re.MULTILINE)
    assert "sends clients to something that is not an address" in done.stdout
    if kind != "broken helper":
        assert f"the login for {host} is from " in done.stderr
    if kind != "registry":
        assert f" {host}/token scope=repository:plain:pull 200 (" in done.stderr


def test_a_rate_limited_token_service_is_explained(tmp_path: Path) -> None:
    hosts: list[str] = []

    def answers(asked: Asked) -> Sequence[str]:
        if asked.target.startswith("/token"):
            return ("429 Slow", "Retry-After: 900", *LIMIT)
        return ("401 No", f'WWW-Authenticate: Bearer realm="http://{hosts[0]}/token"')

    with registry(answers) as host:
        hosts.append(host)
        done = fix(tmp_path, [f"{host}/a:1"])
    assert f"rate limited by {host}; wait before trying again" in done.stdout
    assert f"{host}: 12 of 100 left in 6 hours; it asks to wait 900 seconds" in done.stdout


def on_a_terminal(folder: Path, count: int, host: str, *options: str, **more: str) -> str:
    """What a terminal receives from ``fix``: both of its streams."""
    text = "".join(f"FROM {host}/app:{number}\n" for number in range(count))
    (folder / "Dockerfile").write_text(text)
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "boltseal", "fix", *options],
        cwd=folder,
        env=environment(folder, **more),
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    received = b""
    try:
        while part := os.read(leader, 65536):
            received += part
    except OSError:  # How Linux tells that the other end is closed.
        pass
    finally:
        os.close(leader)
        process.wait()
    return received.decode()


def slowly(seconds: float) -> Answers:
    def answers(_: Asked) -> Sequence[str]:
        time.sleep(seconds)
        return FOUND

    return answers


def screen(received: str) -> list[str]:
    """What stays on a terminal: the sequences that a live line uses, carried out."""
    lines, row = [""], 0
    for part in re.findall(r"\x1b\[[?\d]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", received):
        if part == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif part == "\x1b[1A":
            row -= 1
        elif part in ("\x1b[2K", "\x1b[K"):
            lines[row] = ""
        elif part != "\r" and not part.startswith("\x1b"):
            lines[row] += part
    return [line for line in lines if line]


def test_a_long_run_shows_a_live_line_that_leaves_nothing_behind(tmp_path: Path) -> None:
    with registry(slowly(0.15)) as host:
        received = on_a_terminal(tmp_path, 10, host, NO_COLOR="1")
    assert re.search(rf"\d+ done, \d+ left: asking {host}", received)
    assert "\x1b[?25h" in received  # The cursor is shown again.
    assert screen(received) == ["Sealed 10 uses in 1 file."]
    assert not re.search(r"\x1b\[[\d;]*m", received)


def test_a_short_run_shows_none(tmp_path: Path) -> None:
    with registry(always(*FOUND)) as host:
        received = on_a_terminal(tmp_path, 1, host, NO_COLOR="1")
    assert received == "Sealed 1 use in 1 file.\r\n"


@pytest.mark.parametrize("more", [{"CI": "true"}, {"TERM": "dumb"}])
def test_no_line_is_live_in_ci_and_on_a_terminal_that_cannot(
    tmp_path: Path, more: dict[str, str]
) -> None:
    with registry(slowly(0.15)) as host:
        received = on_a_terminal(tmp_path, 6, host, NO_COLOR="1", **more)
    assert received == "Sealed 6 uses in 1 file.\r\n"


def test_quiet_shows_no_live_line(tmp_path: Path) -> None:
    with registry(slowly(0.15)) as host:
        received = on_a_terminal(tmp_path, 6, host, "-q", NO_COLOR="1")
    assert received == "Sealed 6 uses in 1 file.\r\n"
