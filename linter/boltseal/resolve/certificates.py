"""Whom to believe over TLS, and as whom: one configuration for each host and port.

Certificates come from the system, or from ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` in its place; those
of the user's ``ca-file`` and of certs.d folders are added to them (containers-certs.d(5)).
"""

import os
import re
import ssl
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from boltseal.printable import brief
from boltseal.reference import DOCKER_HUB
from boltseal.resolve.endpoint import HUB_HOST, Origin

# Where OpenSSL may have been built to look elsewhere than where the system keeps its certificates.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # BSD
)
_HAS_KEY_CHAIN = frozenset({"darwin", "win32"})
# A host that an answer names may be anything, such as '..'.
_FOLDER = re.compile(r"[\w\[][\w.:\[\]-]*", re.ASCII)


class Unusable(Exception):
    """Certificates that cannot be used; the message says which and why, and is safe to print."""


class _Key(NamedTuple):
    folder: Path | None
    verified: bool
    client: bool


class Certificates:
    """Makes the TLS configurations of a run, each once."""

    def __init__(
        self,
        ca_file: str = "",
        folders: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """In: a file of more authorities, the certs.d folders in order, and the environment."""
        self._ca_file = ca_file
        self._folders = folders
        self._environment = os.environ if environment is None else environment
        self._contexts: dict[_Key, ssl.SSLContext] = {}

    def context(self, origin: Origin, *, verified: bool, client: bool) -> ssl.SSLContext:
        """The TLS configuration for one host and port.

        In: where to connect to; whether its certificate must be verified; whether it may be shown
        the client certificate that is configured for it. Raises: Unusable.
        """
        key = _Key(self._folder(origin), verified, client)
        if key not in self._contexts:
            self._contexts[key] = self._made(key)
        return self._contexts[key]

    def _made(self, key: _Key) -> ssl.SSLContext:
        if key.verified:
            context = self._trusting()
            if self._ca_file:
                _trust(context, Path(self._ca_file))
        else:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if key.folder is not None:
            _apply(context, key.folder, client=key.client)
        return context

    def _trusting(self) -> ssl.SSLContext:
        file = self._environment.get("SSL_CERT_FILE")
        folder = self._environment.get("SSL_CERT_DIR")
        if not file and not folder:
            return _system()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if file:
            _trust(context, Path(file), "SSL_CERT_FILE: ")
        for part in (folder or "").split(os.pathsep):
            if part:
                _trust_folder(context, Path(part))
        return context

    def _folder(self, origin: Origin) -> Path | None:
        """The first folder that is there for an authority, as container tools choose it."""
        names = [origin.name]
        if origin.port == 443:
            names.append(f"{origin.host}:443")
        if origin.host == HUB_HOST:
            names.append(DOCKER_HUB)
        paths = (
            Path(folder, name)
            for folder in self._folders
            for name in names
            if _FOLDER.fullmatch(name)
        )
        return next((path for path in paths if _is_folder(path)), None)


def folders(home: Path) -> tuple[str, ...]:
    """The certs.d folders that container tools read, in order."""
    own = str(home / ".config" / "containers" / "certs.d")
    return own, "/etc/containers/certs.d", "/etc/docker/certs.d"


def _system() -> ssl.SSLContext:
    if sys.platform in _HAS_KEY_CHAIN:
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Elsewhere the store is a file, which truststore would read again for each connection: 20 ms.
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not context.cert_store_stats()["x509_ca"] and not paths.capath:
        bundle = next((path for path in _BUNDLES if Path(path).is_file()), None)
        if bundle is not None:
            context.load_verify_locations(bundle)
    return context


def _trust(context: ssl.SSLContext, path: Path, name: str = "") -> None:
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:
        raise Unusable(f"{name}{_shown(path)}: {_reason(error)}") from None


def _trust_folder(context: ssl.SSLContext, path: Path) -> None:
    if not _is_folder(path):
        raise Unusable(f"SSL_CERT_DIR: {_shown(path)}: no such folder")
    context.load_verify_locations(capath=path)


def _apply(context: ssl.SSLContext, folder: Path, *, client: bool) -> None:
    """Add what a certs.d folder holds; ``client``: its client certificate too."""
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise Unusable(f"{_shown(folder)}: {_reason(error)}") from None
    for name in sorted(names):
        if name.endswith(".crt"):
            _trust(context, folder / name)
    stems = sorted({Path(name).stem for name in names if name.endswith((".cert", ".key"))})
    for stem in stems:
        for half in (f"{stem}.cert", f"{stem}.key"):
            if half not in names:
                raise Unusable(f"{_shown(folder)}: {brief(half)} is missing")
    if len(stems) > 1:
        raise Unusable(f"{_shown(folder)}: more than one client certificate")
    if client and stems:
        _introduce(context, folder / f"{stems[0]}.cert", folder / f"{stems[0]}.key")


def _introduce(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    def password() -> str:
        # Without this OpenSSL would ask for it on the terminal.
        raise Unusable(f"{_shown(key)}: the key is encrypted")

    try:
        context.load_cert_chain(certificate, key, password)
    except (OSError, ValueError) as error:
        raise Unusable(f"{_shown(certificate)} and its key: {_reason(error)}") from None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # What may not even be looked at is another user's.
        return False


def _shown(path: Path) -> str:
    return brief(str(path), limit=200)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, ssl.SSLError):
        # Such as NO_CERTIFICATE_OR_CRL_FOUND or KEY_VALUES_MISMATCH.
        return (error.reason or "not a certificate").replace("_", " ").lower()
    return (error.strerror if isinstance(error, OSError) else None) or "not a certificate"
