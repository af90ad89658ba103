"""``boltseal registry login-info`` and ``--auth-file`` as users run them."""

import base64
import json
import socket
from pathlib import Path

import jsonschema
import pytest

from boltseal import start

ROOT = Path(__file__).parent.parent
HOST = "registry.example.com"
SECRET, USER = "hunter2-secret", "the-user"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has set nothing up, and no network."""
    for name in (
        *("DOCKER_AUTH_CONFIG", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "BOLTSEAL_AUTH_FILE"),
        *("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"),
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    return tmp_path


def file(path: Path, key: str = HOST) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
    path.write_text(json.dumps({"auths": {key: {"auth": encoded}}}))
    return path


def info(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is printed; nothing secret is, and nothing on standard error."""
    assert start.run(["registry", "login-info", *arguments]) == 0
    shown = capfd.readouterr()
    assert shown.err == ""
    assert SECRET not in shown.out
    assert USER not in shown.out
    return shown.out


def record(capfd: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    line = info(capfd, *arguments, "--format", "jsonl")
    assert line.count("\n") == 1
    rules = json.loads((ROOT / "docs" / "schema" / "login-info.schema.json").read_text())
    found = json.loads(line)
    jsonschema.validate(found, rules)
    assert list(found) == rules["required"]
    return dict(found)


def test_without_a_login_every_place_is_named(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert info(capfd, HOST).splitlines() == [
        f"{HOST}: anonymous, no login is configured for it",
        "looked for in this order:",
        "  DOCKER_AUTH_CONFIG: not set",
        "  REGISTRY_AUTH_FILE: not set",
        f"  {home}/.docker/config.json: no such file",
        f"  {home}/.config/containers/auth.json: no such file",
    ]


def test_a_login_is_named_by_its_file_and_key(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = file(home / ".docker" / "config.json", f"{HOST}/team")
    lines = info(capfd, f"{HOST}/team/app").splitlines()
    assert lines[0] == f"{HOST}/team/app: password from {path}: auths, {HOST}/team"
    assert lines[-1] == f"  {path}: auths, {HOST}/team: used"
    assert info(capfd, HOST).startswith(f"{HOST}: anonymous")


def test_a_program_gets_the_same_answer(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = file(home / ".docker" / "config.json")
    found = record(capfd, f"{HOST}/team/app")
    assert (found["login"], found["source"]) == ("password", str(path))
    assert (found["repository"], found["setting"]) == ("team/app", f"auths, {HOST}")
    found = record(capfd, "other.example.com")
    assert (found["login"], found["source"], found["repository"]) == ("anonymous", None, None)


def test_what_is_broken_is_a_warning_and_the_search_goes_on(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file(home / ".docker" / "config.json")
    monkeypatch.setenv("DOCKER_AUTH_CONFIG", SECRET)
    lines = info(capfd, HOST).splitlines()
    warning = "  warning: DOCKER_AUTH_CONFIG is not JSON; logins in it are not used"
    assert lines[2] == warning
    assert lines[0].startswith(f"{HOST}: password from ")
    looked = record(capfd, HOST)["looked"]
    assert isinstance(looked, list)
    assert [look["result"] for look in looked] == ["broken", "unset", "login"]


def test_a_helper_is_named_and_run(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / ".docker" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"credHelpers": {HOST: "test"}}))
    program = home / "bin" / "docker-credential-test"
    program.parent.mkdir()
    answer = json.dumps({"Username": "<token>", "Secret": SECRET})
    program.write_text(f"#!/bin/sh\necho '{answer}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    where = f"{path}: credHelpers, docker-credential-test"
    assert info(capfd, HOST).startswith(f"{HOST}: identity token from {where}\n")


@pytest.mark.parametrize("by", ["option", "variable"])
def test_a_file_that_is_named_is_looked_in_first(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    file(home / ".docker" / "config.json")
    named = file(home / "named.json")
    if by == "variable":
        monkeypatch.setenv("BOLTSEAL_AUTH_FILE", str(named))
    options = ["--auth-file", "named.json"] if by == "option" else []
    shown = "named.json" if by == "option" else str(named)
    where = f"{shown} (--auth-file): auths, {HOST}"
    assert info(capfd, HOST, *options).splitlines() == [
        f"{HOST}: password from {where}",
        "looked for in this order:",
        f"  {where}: used",
    ]


@pytest.mark.parametrize("command", [("registry", "login-info", HOST), ("fix",), ("verify",)])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "named.json does not exist"),
        ("{", "named.json is not JSON"),
        ("kind: Secret\n", "named.json is a Kubernetes Secret"),
    ],
)
def test_a_named_file_that_cannot_be_used_is_wrong_usage(
    home: Path,
    capfd: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    content: str | None,
    words: str,
) -> None:
    if content is not None:
        (home / "named.json").write_text(content)
    assert start.run([*command, "--auth-file", "named.json"]) == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"boltseal: --auth-file: {words}")
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize("scope", ["nginx", f"https://{HOST}", f"{HOST}/app:1", "x\x1b[31m/y", ""])
def test_what_is_no_registry_is_wrong_usage(capfd: pytest.CaptureFixture[str], scope: str) -> None:
    assert start.run(["registry", "login-info", scope]) == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    assert "is no HOST[/REPOSITORY]: " in shown.err
    assert shown.err.count("\n") == 1
    assert "\x1b" not in shown.err


# The page


PAGE = (ROOT / "docs" / "credentials.md").read_text(encoding="utf-8")


def test_the_page_has_the_order_in_which_logins_are_looked_for(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    named = file(home / "named.json", "other.example.com")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "xdg"))
    monkeypatch.setenv("DOCKER_CONFIG", str(home / "docker"))
    looked = record(capfd, HOST, "--auth-file", str(named))["looked"]
    assert isinstance(looked, list)
    names = {
        f"{named} (--auth-file)": "`--auth-file FILE`",
        "DOCKER_AUTH_CONFIG": "the content of `DOCKER_AUTH_CONFIG`",
        "REGISTRY_AUTH_FILE": "the file that `REGISTRY_AUTH_FILE` names",
        f"{home}/docker/config.json": "`$DOCKER_CONFIG/config.json`",
        f"{home}/run/containers/auth.json": "`$XDG_RUNTIME_DIR/containers/auth.json`",
        f"{home}/xdg/containers/auth.json": "`$XDG_CONFIG_HOME/containers/auth.json`",
    }
    section = PAGE.partition("## Where logins come from")[2].partition("## Inside a file")[0]
    places = [
        line for line in section.splitlines() if line[:2] in ("1.", "2.", "3.", "4.", "5.", "6.")
    ]
    assert len(places) == len(looked) == len(names)
    for line, look in zip(places, looked, strict=True):
        assert names[look["source"]] in line


def test_the_page_shows_what_login_info_prints(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file(home / ".docker" / "config.json")
    shown = info(capfd, f"{HOST}/team").replace(str(home), "/home/me")
    assert f"$ boltseal registry login-info {HOST}/team\n{shown}```" in PAGE


def test_the_page_names_options_that_are_there(capfd: pytest.CaptureFixture[str]) -> None:
    for command in (["fix"], ["verify"], ["registry", "login-info"]):
        start.run([*command, "--help"])
        shown = capfd.readouterr().out
        assert "--auth-file" in shown
        assert "BOLTSEAL_AUTH_FILE" in shown
