"""The user's own configuration: its page, its mistakes, and that a scanned tree has none."""

import errno
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from boltseal import start
from boltseal.errors import UsageError
from boltseal.home import home as user_home
from boltseal.resolve.credentials import ConfiguredCredentials
from boltseal.resolve.options import MirrorUse, RegistryOptions
from boltseal.userconfig import REGISTRIES, VARIABLE, UserConfig, load

PAGE = (Path(__file__).parent.parent / "docs" / "user-configuration.md").read_text("utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]
ROWS = dict(re.findall(r"^\| `([a-z-]+)` \|.*\| (.*?) \|$", PAGE, re.MULTILINE))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (VARIABLE, "XDG_CONFIG_HOME", "CONTAINERS_REGISTRIES_CONF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONTAINERS_REGISTRIES_CONF_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def loaded(home: Path, text: str) -> UserConfig:
    file = home / "own.toml"
    file.write_text(text)
    return load({VARIABLE: str(file), "CONTAINERS_REGISTRIES_CONF_DIR": str(home / "none")}, home)


def test_the_page_has_every_key_and_no_other() -> None:
    assert sorted(ROWS) == sorted(key.name for key in REGISTRIES.keys)
    assert sorted(tomllib.loads(EXAMPLE)["registries"]) == sorted(ROWS)


def test_the_example_is_what_the_schema_says() -> None:
    schema = Path(__file__).parent.parent / "docs" / "schema" / "user-config.schema.json"
    jsonschema.validate(tomllib.loads(EXAMPLE), json.loads(schema.read_text("utf-8")))


def test_the_example_is_understood(home: Path) -> None:
    (home / "registries.conf").write_text(
        '[[registry]]\nprefix = "docker.io"\nlocation = "hub.example.com/docker"\n'
    )
    config = loaded(home, EXAMPLE)
    options = config.options
    assert options.allowed == {"docker.io", "*.example.com", "registry.example.net/team"}
    assert options.plain_http == {"registry.example.com:5000"}
    assert options.mirrors is MirrorUse.FALLBACK
    assert dict(options.token_hosts) == {"registry.example.com": {"login.example.net"}}
    assert config.auth_file == str(home / "logins.json")
    assert options.ca_file == str(home / "authority.crt")
    assert [space.location for space in options.namespaces] == ["hub.example.com/docker"]
    assert (options.deadline, options.concurrency, options.retries) == (60, 4, 2)
    assert options.streams == 4  # What the user says holds over HTTP/2 as well.


def test_hosts_of_tokens_are_compared_as_hosts_are(home: Path) -> None:
    text = '[registries.token-hosts]\n"index.docker.io" = ["Login.Example.net"]\n'
    assert loaded(home, text).options.token_hosts == (
        ("docker.io", frozenset({"login.example.net"})),
    )


def test_the_defaults_are_those_of_the_page(home: Path) -> None:
    usual = load({"CONTAINERS_REGISTRIES_CONF_DIR": str(home / "none")}, home).options
    plain = RegistryOptions()
    assert usual._replace(certificate_folders=(), namespaces=()) == plain
    assert ROWS["deadline"] == f"{plain.deadline:g}"
    assert ROWS["concurrency"].startswith(f"{plain.concurrency}; over HTTP/2 {plain.streams},")
    assert ROWS["retries"] == str(plain.retries)
    assert ROWS["mirrors"] == f"`{plain.mirrors}`"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[registry]\n", "unknown key 'registry'; did you mean 'registries'?"),
        ("[registries]\nalowed = []\n", "unknown key 'alowed'; did you mean 'allowed'?"),
        ("[registries]\nallowed = 'docker.io'\n", "registries.allowed must be an array"),
        ("[registries]\nallowed = ['https://a']\n", "registries.allowed: 'https://a'"),
        ("[registries]\nplain-http = ['http://a:1']\n", "'http://a:1': it is not a host"),
        ("[registries]\nmirrors = 'last'\n", "registries.mirrors: unknown use 'last'"),
        ("[registries]\nmirrors = 1\n", "registries.mirrors must be a string"),
        ("[registries]\ndeadline = 0\n", "registries.deadline must be a number from 1 to 3600"),
        ("[registries]\ndeadline = true\n", "registries.deadline must be a number"),
        ("[registries]\nretries = 1.5\n", "registries.retries must be a whole number"),
        ("[registries]\nconcurrency = 65\n", "registries.concurrency must be a whole number"),
        ("[registries]\nca-file = ''\n", "registries.ca-file must be a string, not empty"),
        ("[registries.token-hosts]\na = 'b'\n", "registries.token-hosts.a must be an array"),
        ("[registries]\nregistries-conf = 'gone'\n", "gone"),
        ("registries = 1\n", "registries must be a table"),
        ("[[[", "not TOML"),
    ],
)
def test_a_mistake_is_named(home: Path, text: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        loaded(home, text)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_named_has_to_be_there(home: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml"):
        load({VARIABLE: str(home / "none.toml")}, home)


def fix(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = start.run(["fix", *arguments])
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def test_the_users_folder_is_read_and_a_scanned_tree_is_not(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = home / "tree"
    for folder in (tree, tree / ".config" / "boltseal", tree / "boltseal"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text("[registries]\nallowed = ['evil.example.com']\n")
    (tree / "Dockerfile").write_text("FROM 127.0.0.1:1/app:1\n")
    monkeypatch.chdir(tree)
    code, shown = fix(capsys, "--quiet")
    assert code == 3
    assert "cannot be reached" in shown
    own = home / ".config" / "boltseal"
    own.mkdir(parents=True)
    (own / "config.toml").write_text("[registries]\nallowed = ['registry.example.com']\n")
    code, shown = fix(capsys, "--quiet")
    assert code == 3
    assert "127.0.0.1:1 is not among the allowed registries" in shown
    code, shown = fix(capsys, "--quiet", "--allow-registry", "127.0.0.1:1")
    assert "cannot be reached" in shown


def test_a_broken_file_ends_the_run_with_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = home / "broken.toml"
    broken.write_text("[registries]\nallowd = []\n")
    monkeypatch.setenv(VARIABLE, str(broken))
    monkeypatch.chdir(home)
    (home / "Dockerfile").write_text("FROM 127.0.0.1:1/app:1\n")
    code, shown = fix(capsys)
    assert code == 2
    assert shown.count("\n") == 1
    assert "did you mean 'allowed'?" in shown


def test_check_does_not_need_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(home / "none.toml"))
    monkeypatch.chdir(home)
    (home / "Dockerfile").write_text(f"FROM 127.0.0.1:1/app@sha256:{'0' * 64}\n")
    assert start.run(["check"]) == 0


def test_what_is_blocked_is_not_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = home / "blocked.conf"
    conf.write_text('[[registry]]\nprefix = "127.0.0.1:1"\nblocked = true\n')
    monkeypatch.setenv("CONTAINERS_REGISTRIES_CONF", str(conf))
    monkeypatch.chdir(home)
    (home / "Dockerfile").write_text("FROM 127.0.0.1:1/app:1\n")
    code, shown = fix(capsys, "--quiet")
    assert code == 3
    assert f"'127.0.0.1:1' is blocked by {conf}" in shown


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("~nobody-of-this-name/x", "No such file"),
        ("a\\u0000b", "no path has"),
        ("/", "not a regular file"),
        (".", "not a regular file"),
    ],
)
def test_a_path_that_is_none_is_refused(home: Path, value: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        loaded(home, f'[registries]\nregistries-conf = "{value}"\n')
    assert told in str(caught.value)


def test_a_home_that_may_not_be_looked_at_is_another_users(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.stat

    def stat(path: Any, *rest: Any, **more: Any) -> os.stat_result:
        if str(path).startswith(str(home)):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "stat", stat)
    found = load({"CONTAINERS_REGISTRIES_CONF": ""}, home)
    assert found.options.deadline == RegistryOptions().deadline


def test_without_a_home_a_folder_of_the_tree_is_none(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing tells a home, '~' stays as it is: in the tree that is scanned."""
    for folder, name, text in [
        (".config/boltseal", "config.toml", "[registries]\ndeadline = 7\n"),
        (".config/containers", "registries.conf", '[[registry]]\nprefix = "docker.io"\n'),
        (".docker", "config.json", '{"auths": {"docker.io": {"registrytoken": "x"}}}'),
    ]:
        file = home / "~" / folder / name
        file.parent.mkdir(parents=True)
        file.write_text(text)
    monkeypatch.chdir(home)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.setattr("boltseal.resolve.registriesconf._SYSTEM", home / "none")
    found = load({}, user_home())
    assert found.options.deadline == RegistryOptions().deadline
    assert found.options.namespaces == ()
    assert ConfiguredCredentials({}).find("docker.io", "team/app").credential is None
