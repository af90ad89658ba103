"""Real registries that speak TLS with the certificates of a private authority."""

import asyncio
import shutil
from pathlib import Path

import pytest

from boltseal.resolve.exchange import Answer, Request
from boltseal.resolve.http import HttpClient
from tests.authority import Authority
from tests.live.asking import boltseal, digest, parsed, reason, resolve, resolver
from tests.registries import MutualTls, Stocked
from tests.registry import Registry

pytestmark = pytest.mark.registry


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    """The environment names the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))


@pytest.mark.usefixtures("trusted")
def test_an_authority_of_the_environment_is_trusted(
    tls_registry: Registry, stocked: Stocked
) -> None:
    wanted = stocked(tls_registry)["index"]
    assert digest(resolve(f"{tls_registry.host}/lab/index:1.0")) == wanted


@pytest.mark.usefixtures("trusted")
def test_a_registry_that_offers_http_2_is_asked_over_it(tls_registry: Registry) -> None:
    async def ask() -> Answer:
        async with HttpClient(1) as client:
            return await client.send(Request("GET", f"https://{tls_registry.host}/v2/", {}, 100))

    answer = asyncio.run(ask())
    assert (answer.status, answer.shared) == (200, True)


def test_another_authority_is_refused_with_its_reason(
    tls_registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the same name: the signature decides."""
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path).certificate))
    why = reason(resolve(f"{tls_registry.host}/lab/index:1.0"))
    assert why.startswith(f"the TLS certificate of {tls_registry.host} cannot be verified (")


def test_an_unknown_authority_gets_no_request(tls_registry: Registry) -> None:
    with tls_registry.watched() as asked:
        outcome = resolve(f"{tls_registry.host}/lab/index:1.0")
    assert "SSL_CERT_FILE" in outcome.hint
    assert "cannot be verified" in reason(outcome)
    assert asked == []


@pytest.mark.usefixtures("trusted")
def test_a_client_without_a_certificate_is_told_so(mutual_tls: MutualTls) -> None:
    host = mutual_tls.registry.host
    why = reason(resolve(f"{host}/lab/index:1.0"))
    assert why.startswith(f"{host} lets in only clients with a certificate that it knows (")


@pytest.mark.usefixtures("trusted")
def test_a_client_without_a_certificate_is_told_so_once_for_all_references(
    mutual_tls: MutualTls,
) -> None:
    references = [parsed(f"{mutual_tls.registry.host}/lab/app:{number}") for number in range(9)]
    outcomes = resolver().resolve(references)
    assert len(set(outcomes.values())) == 1


def test_a_client_certificate_is_taken_from_the_users_folder(
    mutual_tls: MutualTls, stocked: Stocked, tmp_path: Path
) -> None:
    wanted = stocked(mutual_tls.registry)["index"]
    folder, home = tmp_path / "tree", tmp_path / "home"
    _certificates(home, mutual_tls)
    assert _fix(folder, home, mutual_tls) == (0, f"@{wanted}\n")


def test_a_client_certificate_of_the_scanned_tree_is_not_taken(
    mutual_tls: MutualTls, stocked: Stocked, tmp_path: Path
) -> None:
    stocked(mutual_tls.registry)
    folder, home = tmp_path / "tree", tmp_path / "home"
    _certificates(folder, mutual_tls)
    assert _fix(folder, home, mutual_tls) == (3, "\n")


def _certificates(home: Path, mutual_tls: MutualTls) -> None:
    place = home / ".config" / "containers" / "certs.d" / mutual_tls.registry.host
    place.mkdir(parents=True)
    shutil.copy(mutual_tls.authority.certificate, place / "ca.crt")
    shutil.copy(mutual_tls.client.certificate, place / "client.cert")
    shutil.copy(mutual_tls.client.key, place / "client.key")


def _fix(folder: Path, home: Path, mutual_tls: MutualTls) -> tuple[int, str]:
    """The exit code, and what stands behind the tag afterwards."""
    folder.mkdir(exist_ok=True)
    file = folder / "Dockerfile"
    line = f"FROM {mutual_tls.registry.host}/lab/index:1.0"
    file.write_text(f"{line}\n")
    done = boltseal(folder, home, "fix")
    assert "Traceback" not in done.stderr
    return done.returncode, file.read_text().removeprefix(line)
