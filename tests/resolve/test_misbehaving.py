"""Every fault of the table, over real sockets: the outcome, word by word, and the requests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from boltseal.resolve.credentials import Credentials
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from tests.resolve.faults import FAULTS, Fault
from tests.resolve.misbehaving import Server, misbehaving
from tests.resolve.mockregistry import Login, NoCredentials, reference

LOUD_NAMES = {
    "a type with an escape sequence",
    "404: the tag",
    "a key twice, with an escape sequence in it",
    "403 in plain text",
    "a scheme of thousand letters",
}
"""Faults in which a registry writes what a terminal or a CI service would act on."""


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def asked(server: Server, fault: Fault) -> Outcome:
    text = server.host + fault.reference
    login: Credentials = Login(username="u", password="secret") if fault.login else NoCredentials()
    options = RegistryOptions(deadline=fault.deadline, backoff=0.001)
    resolver = RegistryResolver(options, credentials=login)
    outcome = resolver.resolve([reference(text)])[text]
    assert resolver.warnings == ()
    return outcome


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_its_outcome_and_its_requests(fault: Fault) -> None:
    with misbehaving(fault.serve, fault.greeting) as server:
        outcome = asked(server, fault)
        labels = server.labels
    if isinstance(fault.outcome, Resolved):
        assert outcome == fault.outcome
    else:
        assert isinstance(outcome, Unresolved)
        expected = tuple(text.replace("{host}", server.host) for text in fault.outcome)
        assert outcome[:2] == expected
        assert (outcome.reason + outcome.hint).isprintable()
    if fault.requests is not None:
        assert tuple(labels) == fault.requests


def test_the_faults_have_names_of_their_own() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)


LOUD_FAULTS = [fault for fault in FAULTS if fault.name in LOUD_NAMES]


def test_every_loud_fault_is_in_the_table() -> None:
    assert {fault.name for fault in LOUD_FAULTS} == LOUD_NAMES


@pytest.mark.parametrize("fault", LOUD_FAULTS, ids=lambda fault: fault.name)
def test_what_a_registry_writes_does_not_reach_the_terminal(fault: Fault, tmp_path: Path) -> None:
    with misbehaving(fault.serve) as server:
        text = f"FROM {server.host}{fault.reference}\n"
        (tmp_path / "Dockerfile").write_text(text)
        environment = {**os.environ, "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
        for form in (["--diff"], ["--format", "jsonl"]):
            done = subprocess.run(
                [sys.executable, "-m", "boltseal", "fix", *form],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                timeout=60,
                check=False,
            )
            shown = (done.stdout + done.stderr).decode()
            assert done.returncode == 3, shown
            assert shown.replace("\n", "").isprintable()
            assert "Traceback" not in shown
            assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
        assert server.asked
    assert (tmp_path / "Dockerfile").read_text() == text
