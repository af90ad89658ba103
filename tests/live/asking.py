"""The few words that the tests of real registries need."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

from boltseal.reference import ImageReference, parse
from boltseal.resolve.credentials import Credentials
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from tests.registry import PASSWORD, USER, Registry
from tests.resolve.mockregistry import Login, NoCredentials

QUICK = RegistryOptions(deadline=10, retries=1, backoff=0.01)
THE_USER = f"{USER}:{PASSWORD}"


def user(password: str = PASSWORD) -> Login:
    """Credentials that know one login."""
    return Login(username=USER, password=password)


def login_for(registry: Registry) -> Credentials:
    """The login that a registry wants, if it wants one."""
    return user() if registry.door.login else NoCredentials()


def resolver(
    credentials: Credentials | None = None, options: RegistryOptions = QUICK
) -> RegistryResolver:
    return RegistryResolver(options, credentials=credentials or NoCredentials())


def resolve(text: str, credentials: Credentials | None = None) -> Outcome:
    """Ask for one reference in a run of its own."""
    reference = parsed(text)
    return resolver(credentials).resolve([reference])[reference.canonical]


def parsed(text: str) -> ImageReference:
    reference = parse(text)
    assert isinstance(reference, ImageReference), reference
    return reference


def digest(outcome: Outcome) -> str:
    assert isinstance(outcome, Resolved), outcome
    return outcome.digest


def reason(outcome: Outcome) -> str:
    assert isinstance(outcome, Unresolved), outcome
    assert "\n" not in outcome.reason + outcome.hint
    assert PASSWORD not in outcome.reason + outcome.hint
    return outcome.reason


def auth_file(path: Path, host: str, login: str = THE_USER) -> Path:
    """Write a file of logins that has one for ``host``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = base64.b64encode(login.encode()).decode()
    path.write_text(json.dumps({"auths": {host: {"auth": encoded}}}))
    return path


def boltseal(
    folder: Path, home: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run boltseal in ``folder`` with nothing of this machine's user but PATH."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "boltseal", *arguments],
        cwd=folder,
        env={**kept, "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
