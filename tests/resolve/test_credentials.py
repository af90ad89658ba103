import base64
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from boltseal.resolve import helper as helper_program
from boltseal.resolve.authfile import AuthFile, AuthFileError, explicit, normal_key
from boltseal.resolve.credential import Broken, Credential, Found
from boltseal.resolve.credentials import ConfiguredCredentials, Look
from boltseal.resolve.sources import Absence

HOST = "registry.example.com"
SECRET = "hunter2-secret"


def auth(username: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{username}:{password}".encode()).decode()}


def write(path: Path, document: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def docker(home: Path, document: object) -> Path:
    return write(home / ".docker" / "config.json", document)


def find(
    home: Path,
    registry: str = HOST,
    repository: str = "team/app",
    environment: Mapping[str, str] | None = None,
    seconds: float = 5.0,
    first: AuthFile | None = None,
) -> Found:
    credentials = ConfiguredCredentials(environment or {}, home, seconds, first)
    return credentials.find(registry, repository)


def login(found: Found) -> tuple[str, str]:
    assert found.credential is not None, found
    assert found.warnings == ()
    return found.credential.username, found.credential.password


@pytest.fixture
def helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory that comes first in PATH."""
    path = tmp_path / "bin"
    path.mkdir()
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return path


def helper(directory: Path, script: str, name: str = "test") -> None:
    path = directory / f"docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_without_any_file_there_is_no_login_and_no_warning(tmp_path: Path) -> None:
    assert find(tmp_path) == Found()


@pytest.mark.parametrize(
    ("key", "normal"),
    [
        (HOST, HOST),
        (f"https://{HOST}", HOST),
        (f"https://{HOST}/v2/", HOST),
        (f"http://{HOST}:5000/", f"{HOST}:5000"),
        (f"{HOST}/team", f"{HOST}/team"),
        (f"{HOST}/team/", f"{HOST}/team"),
        (HOST.upper(), HOST),
        ("https://index.docker.io/v1/", "docker.io"),
        ("index.docker.io/v1/", "docker.io"),
        ("registry-1.docker.io", "docker.io"),
        ("docker.io/library", "docker.io/library"),
    ],
)
def test_keys_are_normalised(key: str, normal: str) -> None:
    assert normal_key(key) == normal


def test_a_login_is_found_by_host(tmp_path: Path) -> None:
    path = docker(tmp_path, {"auths": {f"https://{HOST}/v1/": auth("u", "p:with:colons")}})
    found = find(tmp_path)
    assert login(found) == ("u", "p:with:colons")
    assert found.credential is not None
    assert found.credential.source == str(path)


def test_the_login_of_docker_hub_is_found(tmp_path: Path) -> None:
    docker(tmp_path, {"auths": {"https://index.docker.io/v1/": auth("u", "p")}})
    assert login(find(tmp_path, "docker.io", "library/nginx")) == ("u", "p")


def test_the_longest_path_counts(tmp_path: Path) -> None:
    auths = {HOST: auth("host", "p"), f"{HOST}/team": auth("team", "p")}
    docker(tmp_path, {"auths": {**auths, f"{HOST}/team/app": auth("app", "p")}})
    assert login(find(tmp_path, repository="team/app"))[0] == "app"
    assert login(find(tmp_path, repository="team/other/x"))[0] == "team"
    assert login(find(tmp_path, repository="teams/app"))[0] == "host"


@pytest.mark.parametrize(
    ("entry", "credential"),
    [
        ({"username": "u", "password": "p"}, Credential("", "u", "p")),
        ({**auth("u", ""), "identitytoken": "i"}, Credential("", "u", "", "i")),
        ({"registrytoken": "r"}, Credential("", registry_token="r")),
        ({"auth": base64.b64encode(b"u:p\0\0").decode()}, Credential("", "u", "p")),
    ],
)
def test_every_kind_of_login_is_read(
    tmp_path: Path, entry: dict[str, str], credential: Credential
) -> None:
    docker(tmp_path, {"auths": {HOST: entry}})
    found = find(tmp_path).credential
    assert found is not None
    assert found._replace(source="") == credential


@pytest.mark.parametrize("entry", [{}, {"auth": ""}, {"auth": 7}, 7, None])
def test_an_empty_login_is_none(tmp_path: Path, entry: object) -> None:
    docker(tmp_path, {"auths": {HOST: entry}})
    assert find(tmp_path) == Found()


@pytest.mark.parametrize("text", ["not base64!", base64.b64encode(SECRET.encode()).decode()])
def test_a_login_that_cannot_be_read_is_a_warning(tmp_path: Path, text: str) -> None:
    docker(tmp_path, {"auths": {HOST: {"auth": text}}})
    found = find(tmp_path)
    assert found.credential is None
    assert "not base64" in found.warnings[0]
    assert text not in found.warnings[0]


@pytest.mark.parametrize("field", ["username", "password", "identitytoken", "registrytoken"])
def test_a_login_that_is_not_text_is_a_warning(tmp_path: Path, field: str) -> None:
    """JSON can write half of a character, which no request can hold."""
    entry = {"username": "u", "password": SECRET, field: "\ud800"}
    docker(tmp_path, {"auths": {HOST: entry}})
    found = find(tmp_path)
    assert found.credential is None
    assert found.warnings[0].endswith(f"has a login for {HOST} that is not text; it is not used")


@pytest.mark.parametrize("text", ["{", "[]", f'{{"auths": {SECRET}', "[" * 100_000])
def test_a_broken_file_is_one_line_and_no_secret(tmp_path: Path, text: str) -> None:
    docker(tmp_path, text)
    found = find(tmp_path)
    assert found.credential is None
    assert len(found.warnings) == 1
    assert "\n" not in found.warnings[0]
    assert SECRET not in found.warnings[0]


def test_a_file_that_is_too_large_or_a_directory_is_a_warning(tmp_path: Path) -> None:
    docker(tmp_path, " " * (1024 * 1024 + 1))
    assert "is larger than" in find(tmp_path).warnings[0]
    (tmp_path / "other" / "config.json").mkdir(parents=True)
    found = find(tmp_path, environment={"DOCKER_CONFIG": str(tmp_path / "other")})
    assert "cannot be read" in found.warnings[0]


def test_sources_are_read_in_order(tmp_path: Path) -> None:
    def one(name: str) -> dict[str, object]:
        return {"auths": {HOST: auth(name, "p")}}

    write(tmp_path / ".config" / "containers" / "auth.json", one("home podman"))
    assert login(find(tmp_path))[0] == "home podman"
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    write(tmp_path / "xdg" / "containers" / "auth.json", one("xdg podman"))
    assert login(find(tmp_path, environment=environment))[0] == "xdg podman"
    environment["XDG_RUNTIME_DIR"] = str(tmp_path / "run")
    write(tmp_path / "run" / "containers" / "auth.json", one("running podman"))
    assert login(find(tmp_path, environment=environment))[0] == "running podman"
    docker(tmp_path, one("home docker"))
    assert login(find(tmp_path, environment=environment))[0] == "home docker"
    environment["DOCKER_CONFIG"] = str(tmp_path / "docker")
    write(tmp_path / "docker" / "config.json", one("docker"))
    assert login(find(tmp_path, environment=environment))[0] == "docker"
    environment["REGISTRY_AUTH_FILE"] = str(write(tmp_path / "only.json", one("only")))
    assert login(find(tmp_path, environment=environment))[0] == "only"
    environment["DOCKER_AUTH_CONFIG"] = json.dumps(one("content"))
    assert login(find(tmp_path, environment=environment))[0] == "content"
    first = explicit(write(tmp_path / "named.json", one("named")))
    assert login(find(tmp_path, environment=environment, first=first))[0] == "named"


def test_podman_has_no_running_directory_where_containers_run_in_a_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "run" / "containers" / "auth.json", {"auths": {HOST: auth("u", "p")}})
    environment = {"XDG_RUNTIME_DIR": str(tmp_path / "run")}
    monkeypatch.setattr("sys.platform", "darwin")
    assert find(tmp_path, environment=environment) == Found()
    monkeypatch.setattr("sys.platform", "linux")
    assert login(find(tmp_path, environment=environment)) == ("u", "p")


def test_a_file_that_is_named_does_not_hide_the_others(tmp_path: Path) -> None:
    docker(tmp_path, {"auths": {HOST: auth("docker", "p")}})
    first = explicit(
        write(tmp_path / "named.json", {"auths": {"other.example.com": auth("x", "p")}})
    )
    assert login(find(tmp_path, first=first))[0] == "docker"


SECRET_MANIFEST = {"kind": "Secret", "data": {".dockerconfigjson": "e30="}}
SECRET_YAML = "apiVersion: v1\nkind: Secret\ndata:\n  .dockerconfigjson: e30=\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        ("{", "is not JSON"),
        ("[]", "is not a JSON object"),
        (SECRET_MANIFEST, "is a Kubernetes Secret: decode"),
        (SECRET_YAML, "is a Kubernetes Secret: decode"),
        (base64.b64encode(b'{"auths": {}}').decode() + "\n", "is in base64: decode it first"),
        (base64.b64encode(SECRET.encode()).decode(), "is not JSON"),
        ("é", "is not JSON"),
    ],
)
def test_a_file_that_is_named_has_to_be_one_of_logins(
    tmp_path: Path, content: object, words: str
) -> None:
    path = tmp_path / "named.json"
    if content is not None:
        write(path, content)
    with pytest.raises(AuthFileError, match=words) as caught:
        explicit(path)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_the_decoded_content_of_a_kubernetes_secret_is_a_file_of_logins(tmp_path: Path) -> None:
    entry = {"username": "u", "password": "p", "email": "", **auth("u", "p")}
    first = explicit(write(tmp_path / ".dockerconfigjson", {"auths": {f"https://{HOST}": entry}}))
    assert login(find(tmp_path, first=first)) == ("u", "p")


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_keys_for_a_server_the_plain_one_counts(tmp_path: Path, backwards: bool) -> None:
    entries = [(HOST, auth("plain", "p")), (f"https://{HOST}/v1/", auth("address", "p"))]
    docker(tmp_path, {"auths": dict(reversed(entries) if backwards else entries)})
    assert login(find(tmp_path))[0] == "plain"


def test_every_look_is_told_in_order_up_to_the_login(tmp_path: Path, helpers: Path) -> None:
    helper(helpers, "echo credentials not found in native keychain; exit 1")
    path = docker(
        tmp_path,
        {
            "credHelpers": {HOST: "absent"},
            "credsStore": "test",
            "auths": {f"{HOST}/team/app": {"auth": "?"}, f"https://{HOST}": auth("u", SECRET)},
        },
    )
    looks = ConfiguredCredentials({}, tmp_path).look(HOST, "team/app")
    assert [(look.where, look.setting) for look in looks] == [
        ("DOCKER_AUTH_CONFIG", ""),
        ("REGISTRY_AUTH_FILE", ""),
        (str(path), "credHelpers, docker-credential-absent"),
        (str(path), "credsStore, docker-credential-test"),
        (str(path), f"auths, {HOST}/team/app"),
        (str(path), f"auths, https://{HOST}"),
    ]
    kinds = [type(look.found) for look in looks]
    assert kinds == [Absence, Absence, Broken, Absence, Broken, Credential]
    assert SECRET not in repr(looks)


def test_a_registry_as_a_whole_has_the_login_of_its_host_alone(tmp_path: Path) -> None:
    docker(tmp_path, {"auths": {f"{HOST}/team": auth("team", "p")}})
    looks = ConfiguredCredentials({"REGISTRY_AUTH_FILE": "/nowhere"}, tmp_path).look(HOST, "")
    assert looks[-1] == Look("/nowhere (REGISTRY_AUTH_FILE)", "", Absence.NO_FILE)
    docker(tmp_path, {"auths": {f"{HOST}/team": auth("team", "p"), HOST: auth("host", "p")}})
    assert login(find(tmp_path, repository=""))[0] == "host"


def test_a_helper_has_a_minute() -> None:
    assert helper_program.TIME_LIMIT == 60


@pytest.mark.parametrize(
    ("credential", "kind"),
    [
        (Credential("", "u", "p"), "password"),
        (Credential("", "u", "p", "i"), "identity token"),
        (Credential("", "u", "p", "i", "r"), "registry token"),
    ],
)
def test_a_credential_knows_its_kind(credential: Credential, kind: str) -> None:
    assert credential.kind == kind


def test_a_registry_auth_file_excludes_the_others(tmp_path: Path) -> None:
    docker(tmp_path, {"auths": {HOST: auth("u", "p")}})
    assert find(tmp_path, environment={"REGISTRY_AUTH_FILE": str(tmp_path / "none")}) == Found()


def test_a_helper_is_asked_by_name_with_the_server_on_standard_input(
    tmp_path: Path, helpers: Path
) -> None:
    helper(
        helpers,
        'read server; echo "{\\"Username\\": \\"$1 $server\\", \\"Secret\\": \\"p\\"}"',
    )
    docker(
        tmp_path,
        {"credHelpers": {HOST: "test"}, "auths": {HOST: auth("file", "p")}, "credsStore": "none"},
    )
    found = find(tmp_path)
    assert login(found) == (f"get {HOST}", "p")
    assert found.credential is not None
    assert found.credential.source.startswith("docker-credential-test (")


def test_the_store_is_asked_for_docker_hub_under_its_old_name(
    tmp_path: Path, helpers: Path
) -> None:
    helper(helpers, 'read server; echo "{\\"Username\\": \\"$server\\", \\"Secret\\": \\"p\\"}"')
    docker(tmp_path, {"credsStore": "test"})
    assert login(find(tmp_path, "docker.io", "library/nginx"))[0] == "https://index.docker.io/v1/"


def test_a_helper_may_give_an_identity_token(tmp_path: Path, helpers: Path) -> None:
    helper(helpers, 'echo \'{"Username": "<token>", "Secret": "t"}\'')
    docker(tmp_path, {"credsStore": "test"})
    credential = find(tmp_path).credential
    assert credential is not None
    assert (credential.username, credential.password) == ("", "")
    assert credential.identity_token == "t"


def test_a_helper_without_the_login_is_no_trouble(tmp_path: Path, helpers: Path) -> None:
    helper(helpers, "echo credentials not found in native keychain; exit 1")
    docker(tmp_path, {"credsStore": "test", "auths": {HOST: auth("file", "p")}})
    assert login(find(tmp_path)) == ("file", "p")
    docker(tmp_path, {"credsStore": "test"})
    assert find(tmp_path) == Found()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (f"echo {SECRET}; echo {SECRET} >&2; exit 3", "failed with exit status 3"),
        (f"echo {SECRET}", "answered with no login"),
        ("echo '[]'", "answered with no login"),
        ('echo \'{"Username": "u"}\'', "answered with no login"),
        ('echo \'{"Username": "u", "Secret": "\\ud800"}\'', "answered with no login"),
        ("sleep 30", "gave no answer in 0.2 seconds"),
        ("sleep 30 & sleep 30", "gave no answer in 0.2 seconds"),
    ],
)
def test_a_broken_helper_is_a_warning(
    tmp_path: Path, helpers: Path, script: str, words: str
) -> None:
    helper(helpers, script.replace("sleep 30", "exec sleep 30" if "&" not in script else "sleep 6"))
    docker(tmp_path, {"credsStore": "test"})
    started = time.monotonic()
    found = find(tmp_path, seconds=0.2 if "sleep" in script else 5.0)
    assert time.monotonic() - started < 4
    assert found.credential is None
    assert len(found.warnings) == 1
    assert words in found.warnings[0]
    assert SECRET not in found.warnings[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent", "docker-credential-absent is not installed"),
        ("../test", "is not the name of a credential helper"),
        ("test;x", "is not the name of a credential helper"),
        ("test\n", "is not the name of a credential helper"),
    ],
)
def test_a_helper_that_is_not_there_is_a_warning(
    tmp_path: Path, helpers: Path, name: str, words: str
) -> None:
    docker(tmp_path, {"credHelpers": {HOST: name}})
    found = find(tmp_path)
    assert found.credential is None
    assert words in found.warnings[0]


def test_a_program_of_the_current_directory_is_never_a_helper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, 'echo \'{"Username": "u", "Secret": "p"}\'')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}/usr/bin{os.pathsep}/bin")
    docker(tmp_path, {"credsStore": "test"})
    assert "is not installed" in find(tmp_path).warnings[0]


def test_a_helper_is_asked_once_for_a_server(tmp_path: Path, helpers: Path) -> None:
    helper(helpers, f'echo x >> {tmp_path}/log; echo \'{{"Username": "u", "Secret": "p"}}\'')
    docker(tmp_path, {"credsStore": "test"})
    credentials = ConfiguredCredentials({}, tmp_path)
    for number in range(3):
        credentials.find(HOST, f"team/app{number}")
    assert (tmp_path / "log").read_text() == "x\n"
