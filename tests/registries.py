"""Every kind of door that a registry has, each a fixture, all on 127.0.0.1."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.authority import Authority, Pair
from tests.issuer import Issuer, issuing
from tests.registry import Door, Registry, behind_password, running

Stocked = Callable[[Registry], Mapping[str, str]]


class MutualTls(NamedTuple):
    """A registry that wants a certificate of its clients, the authority of both, and one."""

    registry: Registry
    authority: Authority
    client: Pair


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry without login, in plain http."""
    with running(tmp_path_factory.mktemp("registry")) as running_registry:
        yield running_registry


@pytest.fixture(scope="session")
def private_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that wants the user's name and password with every request."""
    directory = tmp_path_factory.mktemp("private-registry")
    with running(directory, behind_password(directory)) as running_registry:
        yield running_registry


@pytest.fixture(scope="session")
def token_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Registry, Issuer]]:
    """A registry that wants a token, with the service that it sends its clients to."""
    directory = tmp_path_factory.mktemp("token-registry")
    with issuing(directory) as (issuer, door), running(directory, door) as running_registry:
        yield running_registry, issuer


@pytest.fixture(scope="session")
def token_registry(token_service: tuple[Registry, Issuer]) -> Registry:
    """A registry that wants a token, as anybody may have for what is public."""
    return token_service[0]


@pytest.fixture
def issuer(token_service: tuple[Registry, Issuer]) -> Issuer:
    """The token service of ``token_registry``, as if nothing had been asked yet."""
    token_service[1].reset()
    return token_service[1]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that no system knows."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def tls_registry(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[Registry]:
    """A registry that speaks TLS, with a certificate of ``authority``."""
    directory = tmp_path_factory.mktemp("tls-registry")
    certificates = _certificates(directory, authority)
    door = Door(http=_tls(authority.server()), certificates=certificates)
    with running(directory, door) as running_registry:
        yield running_registry


@pytest.fixture(scope="session")
def mutual_tls(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[MutualTls]:
    """A registry that speaks TLS with those only who bring a certificate of ``authority``."""
    directory = tmp_path_factory.mktemp("mutual-tls-registry")
    certificates = _certificates(directory, authority)
    client = authority.client()
    shutil.copy(client.certificate, certificates / "client.cert")
    shutil.copy(client.key, certificates / "client.key")
    tls = _tls(authority.server(), f", clientcas: [{authority.certificate}]")
    with running(directory, Door(http=tls, certificates=certificates)) as running_registry:
        yield MutualTls(running_registry, authority, client)


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Iterator[Registry]:
    """A registry that has nothing of its own, and fetches what it is asked for from ``registry``."""
    with mirroring(tmp_path_factory.mktemp("mirror"), registry) as running_registry:
        yield running_registry


def mirroring(directory: Path, upstream: Registry) -> AbstractContextManager[Registry]:
    """Run a mirror of another registry until the end of the block."""
    return running(directory, Door(f'proxy: {{remoteurl: "http://{upstream.host}"}}\n'))


@pytest.fixture(scope="session")
def stocked() -> Stocked:
    """Puts images into a registry, once: what another client reads as their digests, by name.

    ``index`` is an index with an attestation, ``single`` an image for one platform, ``list`` a list
    in Docker's format. Each is ``lab/NAME:1.0``.
    """
    known: dict[str, dict[str, str]] = {}

    def stock(registry: Registry) -> Mapping[str, str]:
        if registry.host not in known:
            registry.push("wide", "lab/index:1.0")
            registry.push("single", "lab/single:1.0")
            registry.push("list", "lab/list:1.0", docker=True)
            kinds = ("index", "single", "list")
            known[registry.host] = {kind: registry.served(f"lab/{kind}:1.0") for kind in kinds}
        return known[registry.host]

    return stock


def _certificates(directory: Path, authority: Authority) -> Path:
    """A folder as skopeo wants it, with the authority in it."""
    certificates = directory / "certificates"
    certificates.mkdir()
    shutil.copy(authority.certificate, certificates / "ca.crt")
    return certificates


def _tls(pair: Pair, more: str = "") -> str:
    return f"tls: {{certificate: {pair.certificate}, key: {pair.key}{more}}}"
