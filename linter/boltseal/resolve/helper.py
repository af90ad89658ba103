"""Credential helpers: the ``docker-credential-*`` programs that keep logins for Docker.

The protocol is that of the docker-credential-helpers project: the server's name goes in, JSON comes
out.
"""

import json
import os
import re
import shutil
import subprocess

from boltseal.printable import brief
from boltseal.resolve.credential import TOKEN_USER, Broken, Credential

TIME_LIMIT = 60.0
"""Seconds that a helper may take: it may have to ask its user to unlock a key chain."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")
# The helpers' own words for "none", on standard output, whatever else is wrong.
_ABSENT = b"credentials not found"


def ask(
    name: str, server: str, origin: str, time_limit: float = TIME_LIMIT
) -> Credential | Broken | None:
    """Ask the helper ``docker-credential-<name>`` for the login of ``server``.

    In: the helper's short name, the server as Docker stores it, where the name was configured,
    and the seconds to wait.
    Out: the login; None when the helper has none; or why it could not answer. Raises nothing.
    """
    if not _NAME.fullmatch(name):
        return Broken(f"'{brief(name)}' is not the name of a credential helper")
    program = f"docker-credential-{name}"
    path = shutil.which(program, path=_absolute(os.environ.get("PATH", os.defpath)))
    if path is None:
        return Broken(f"{program} is not installed")
    ran = _run(path, server, time_limit)
    if isinstance(ran, str):
        return Broken(f"{program} {ran}")
    status, output = ran
    if status != 0:
        if _ABSENT in output:
            return None
        return Broken(f"{program} failed with exit status {status}")
    login = _login(output, f"{program} ({origin})")
    return login if login is not None else Broken(f"{program} answered with no login")


def _absolute(path: str) -> str:
    """PATH without its relative parts: a program of the scanned tree is never a helper."""
    return os.pathsep.join(part for part in path.split(os.pathsep) if os.path.isabs(part))  # noqa: PTH117


def _run(path: str, server: str, time_limit: float) -> tuple[int, bytes] | str:
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, and the name is checked
            [path, "get"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a helper may print what must not be shown
        )
    except OSError as error:
        return f"cannot be run ({error.strerror})"
    with process:
        try:
            output, _ = process.communicate(server.encode(), timeout=time_limit)
        except subprocess.TimeoutExpired:
            process.kill()
            # A child of the helper may hold the pipe open: do not wait for its end.
            if process.stdout is not None:
                process.stdout.close()
            return f"gave no answer in {time_limit:g} seconds"
    return process.returncode, output


def _login(output: bytes, source: str) -> Credential | None:
    try:
        document = json.loads(output)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    username, secret = document.get("Username"), document.get("Secret")
    if not isinstance(username, str) or not isinstance(secret, str) or not secret:
        return None
    is_token = username == TOKEN_USER
    found = (
        Credential(source, identity_token=secret)
        if is_token
        else Credential(source, username=username, password=secret)
    )
    return found if found.is_text else None
