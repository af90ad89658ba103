"""The whole program against real registries, with nothing but what a user sets up."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.authority import Authority
from tests.issuer import IDENTITY_TOKEN, Issuer
from tests.live.asking import auth_file, boltseal
from tests.registries import Stocked
from tests.registry import PASSWORD, Registry

pytestmark = pytest.mark.registry


class Machine(NamedTuple):
    """A user's home, and a folder to work in."""

    home: Path
    folder: Path

    @property
    def dockerfile(self) -> Path:
        return self.folder / "Dockerfile"

    @property
    def config(self) -> Path:
        return self.home / ".docker" / "config.json"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "home", tmp_path / "tree")
    made.home.mkdir()
    made.folder.mkdir()
    return made


def test_public_images_of_a_registry_with_tokens_need_no_login(
    machine: Machine, token_registry: Registry, stocked: Stocked
) -> None:
    digests = stocked(token_registry)
    names = [f"{token_registry.host}/lab/{kind}:1.0" for kind in digests]
    machine.dockerfile.write_text("".join(f"FROM {name}\n" for name in names))
    done = boltseal(machine.folder, machine.home, "fix")
    assert (done.returncode, done.stderr) == (0, "")
    sealed = [f"FROM {name}@{digests[kind]}\n" for name, kind in zip(names, digests, strict=True)]
    assert machine.dockerfile.read_text() == "".join(sealed)


@pytest.mark.parametrize("kind", ["password", "identity token"])
def test_a_private_image_is_sealed_with_the_login_of_docker(
    machine: Machine, token_registry: Registry, issuer: Issuer, kind: str
) -> None:
    wanted = token_registry.push("multi", "private/app:1.0")
    issuer.reset()
    auth_file(machine.config, token_registry.host)
    if kind == "identity token":
        entry = {"auth": "dGVzdGVyOg==", "identitytoken": IDENTITY_TOKEN}
        machine.config.write_text(json.dumps({"auths": {token_registry.host: entry}}))
    machine.dockerfile.write_text(f"FROM {token_registry.host}/private/app:1.0\n")
    done = boltseal(machine.folder, machine.home, "fix")
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.dockerfile.read_text().endswith(f"/private/app:1.0@{wanted}\n")
    method = "GET" if kind == "password" else "POST"
    assert [asked.method for asked in issuer.asked] == [method]


@pytest.mark.parametrize("by", ["option", "variable"])
def test_a_file_of_logins_that_is_named_comes_before_that_of_docker(
    machine: Machine, private_registry: Registry, stocked: Stocked, by: str
) -> None:
    wanted = stocked(private_registry)["single"]
    auth_file(machine.config, private_registry.host, "tester:a wrong one")
    named = str(auth_file(machine.home / "logins.json", private_registry.host))
    machine.dockerfile.write_text(f"FROM {private_registry.host}/lab/single:1.0\n")
    options = ["--auth-file", named] if by == "option" else []
    variables = {"BOLTSEAL_AUTH_FILE": named} if by == "variable" else {}
    done = boltseal(machine.folder, machine.home, "fix", *options, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.dockerfile.read_text().endswith(f"@{wanted}\n")


def test_a_file_of_logins_in_the_scanned_tree_is_not_taken(
    machine: Machine, private_registry: Registry
) -> None:
    for name in (".docker/config.json", ".dockerconfigjson", ".config/containers/auth.json"):
        auth_file(machine.folder / name, private_registry.host)
    machine.dockerfile.write_text(f"FROM {private_registry.host}/lab/single:1.0\n")
    done = boltseal(machine.folder, machine.home, "fix")
    assert done.returncode == 3
    assert "needs a login" in done.stdout


def test_login_info_names_the_login_that_fix_uses(
    machine: Machine, private_registry: Registry
) -> None:
    auth_file(machine.config, private_registry.host)
    with private_registry.watched() as asked:
        done = boltseal(
            machine.folder, machine.home, "registry", "login-info", private_registry.host
        )
    assert done.returncode == 0
    assert f"password from {machine.config}" in done.stdout
    assert PASSWORD not in done.stdout + done.stderr
    assert asked == []


def test_without_a_login_a_private_image_is_named_and_the_rest_is_sealed(
    machine: Machine, token_registry: Registry, stocked: Stocked
) -> None:
    wanted = stocked(token_registry)["single"]
    host = token_registry.host
    machine.dockerfile.write_text(f"FROM {host}/private/app:1.0\nFROM {host}/lab/single:1.0\n")
    done = boltseal(machine.folder, machine.home, "fix")
    assert done.returncode == 3
    first, second = machine.dockerfile.read_text().splitlines()
    assert first == f"FROM {host}/private/app:1.0"
    assert second == f"FROM {host}/lab/single:1.0@{wanted}"
    assert f"{host} needs a login for it, or it does not exist" in done.stdout


def test_a_wrong_password_names_its_file_and_never_itself(
    machine: Machine, private_registry: Registry
) -> None:
    auth_file(machine.config, private_registry.host, "tester:a wrong one")
    machine.dockerfile.write_text(f"FROM {private_registry.host}/lab/single:1.0\n")
    done = boltseal(machine.folder, machine.home, "fix")
    assert done.returncode == 3
    assert f"refused the login from {machine.config}" in done.stdout
    assert "a wrong one" not in done.stdout + done.stderr


def test_an_image_behind_a_private_authority_is_sealed(
    machine: Machine, tls_registry: Registry, authority: Authority, stocked: Stocked
) -> None:
    wanted = stocked(tls_registry)["index"]
    text = f"FROM {tls_registry.host}/lab/index:1.0\n"
    machine.dockerfile.write_text(text)
    done = boltseal(machine.folder, machine.home, "fix")
    assert done.returncode == 3
    assert "cannot be verified" in done.stdout
    assert machine.dockerfile.read_text() == text
    trust = {"SSL_CERT_FILE": str(authority.certificate)}
    done = boltseal(machine.folder, machine.home, "fix", **trust)
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.dockerfile.read_text() == f"{text.rstrip()}@{wanted}\n"


def test_a_second_run_has_nothing_to_do(
    machine: Machine, private_registry: Registry, stocked: Stocked
) -> None:
    stocked(private_registry)
    auth_file(machine.config, private_registry.host)
    machine.dockerfile.write_text(f"FROM {private_registry.host}/lab/list:1.0\n")
    assert boltseal(machine.folder, machine.home, "fix").returncode == 0
    sealed = machine.dockerfile.read_text()
    with private_registry.watched() as asked:
        done = boltseal(machine.folder, machine.home, "fix")
    assert done.returncode == 0
    assert machine.dockerfile.read_text() == sealed
    assert asked == []
    assert PASSWORD not in sealed
