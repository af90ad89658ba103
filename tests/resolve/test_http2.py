"""HTTP/2 over real sockets: what is asked over it, and every fault with its outcome."""

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from boltseal.resolve.credentials import Credentials
from boltseal.resolve.observer import Observer, ignore
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from tests.resolve.http2 import NAME, Server, speaking
from tests.resolve.http2faults import FAULTS, PLAIN, Fault
from tests.resolve.mockregistry import NoCredentials, reason, reference
from tests.resolve.servers import make_certificate

QUICK = RegistryOptions(deadline=10.0, backoff=0.001)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    """The registry's name stands for this machine, and its certificate is trusted."""
    for name in ("SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: str | bytes | None, *rest: object, **options: object) -> object:
        here = host in (NAME, NAME.encode())
        return look_up("127.0.0.1" if here else host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def asked_for(
    server: Server,
    texts: Sequence[str],
    options: RegistryOptions = QUICK,
    credentials: Credentials | None = None,
    observer: Observer = ignore,
) -> list[Outcome]:
    wanted = [reference(f"{server.host}/{text}") for text in texts]
    resolver = RegistryResolver(
        options, credentials=credentials or NoCredentials(), observer=observer
    )
    outcomes = resolver.resolve(wanted)
    assert resolver.warnings == ()
    return [outcomes[it.canonical] for it in wanted]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_its_outcome_and_its_requests(fault: Fault, certificate: Path) -> None:
    options = QUICK._replace(deadline=fault.deadline, concurrency=1)
    texts = [f"team/app:{number}" for number in range(fault.references)]
    with speaking(fault.serve, certificate, start=fault.start, plain=PLAIN) as server:
        outcome = asked_for(server, texts, options)[-1]
    if isinstance(fault.outcome, Resolved):
        assert outcome == fault.outcome
    else:
        assert reason(outcome) == fault.outcome.replace("{host}", server.host)
    if fault.requests is not None:
        assert tuple(server.labels) == fault.requests


def test_the_faults_have_names_of_their_own() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)
