import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import truststore
from cryptography.hazmat.primitives import serialization

from boltseal.resolve.certificates import Certificates, Unusable, folders
from boltseal.resolve.endpoint import Origin
from tests.resolve.servers import make_certificate

REGISTRY = Origin("https", "registry.example.com", 5000)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and its certificate, which signs itself."""
    return make_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


def put(folder: Path, pair: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(pair, folder / name)
    return folder


def context(
    *folders: Path,
    origin: Origin = REGISTRY,
    ca_file: str = "",
    environment: dict[str, str] | None = None,
    verified: bool = True,
    client: bool = True,
) -> ssl.SSLContext:
    made = Certificates(ca_file, list(map(str, folders)), environment or {})
    return made.context(origin, verified=verified, client=client)


def authorities(found: ssl.SSLContext) -> int:
    return int(found.cert_store_stats()["x509"])


def why(*folders: Path, ca_file: str = "", environment: dict[str, str] | None = None) -> str:
    with pytest.raises(Unusable) as caught:
        context(*folders, ca_file=ca_file, environment=environment)
    return str(caught.value)


SYSTEM = authorities(context())


def test_the_systems_authorities_are_trusted() -> None:
    found = context()
    assert found.check_hostname
    assert found.verify_mode is ssl.CERT_REQUIRED
    assert authorities(ssl.create_default_context()) == SYSTEM


def test_the_key_chain_is_asked_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isinstance(context(), truststore.SSLContext)


def test_certificates_of_the_environment_take_the_place_of_the_systems(pair: Path) -> None:
    assert authorities(context(environment={"SSL_CERT_FILE": str(pair)})) == 1
    assert authorities(context(environment={"SSL_CERT_DIR": str(pair.parent)})) == 0


def test_a_ca_file_is_added(pair: Path) -> None:
    assert authorities(context(ca_file=str(pair))) == SYSTEM + 1


def test_a_folder_of_the_authority_is_added_for_it_alone(pair: Path, tmp_path: Path) -> None:
    put(tmp_path / "registry.example.com:5000", pair, "any.crt", "notes.txt")
    made = Certificates("", [str(tmp_path)], {})
    own = made.context(REGISTRY, verified=True, client=True)
    assert authorities(own) == SYSTEM + 1
    for other in (
        REGISTRY._replace(port=5001),
        REGISTRY._replace(port=443),
        REGISTRY._replace(host="other.example.com"),
    ):
        assert authorities(made.context(other, verified=True, client=True)) == SYSTEM
    assert made.context(REGISTRY, verified=True, client=True) is own


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("registry.example.com", "registry.example.com"),
        ("registry.example.com:443", "registry.example.com"),
        ("docker.io", "registry-1.docker.io"),
        ("registry-1.docker.io", "registry-1.docker.io"),
        ("[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_the_usual_port_may_be_left_out(pair: Path, tmp_path: Path, name: str, host: str) -> None:
    put(tmp_path / name, pair, "ca.crt")
    assert authorities(context(tmp_path, origin=Origin("https", host, 443))) == SYSTEM + 1


def test_the_first_folder_that_is_there_counts(pair: Path, tmp_path: Path) -> None:
    put(tmp_path / "b" / "registry.example.com:5000", pair, "ca.crt")
    assert authorities(context(tmp_path / "a", tmp_path / "b")) == SYSTEM + 1
    (tmp_path / "a" / "registry.example.com:5000").mkdir(parents=True)
    assert authorities(context(tmp_path / "a", tmp_path / "b")) == SYSTEM


def test_the_folders_are_those_of_container_tools() -> None:
    assert folders(Path("/home/user")) == (
        "/home/user/.config/containers/certs.d",
        "/etc/containers/certs.d",
        "/etc/docker/certs.d",
    )


@pytest.mark.parametrize("host", ["..", ".", ""])
def test_a_host_names_no_other_folder(pair: Path, tmp_path: Path, host: str) -> None:
    put(tmp_path / "x", pair, "ca.crt")
    found = context(tmp_path / "x" / "y", tmp_path / "x", origin=Origin("https", host, 443))
    assert authorities(found) == SYSTEM


def test_without_verification_nobody_is_trusted_and_anybody_believed() -> None:
    found = context(verified=False)
    assert found.verify_mode is ssl.CERT_NONE
    assert authorities(found) == 0


@pytest.mark.parametrize("name", ["client.cert", "client.key"])
def test_half_of_a_client_certificate_is_a_reason(pair: Path, tmp_path: Path, name: str) -> None:
    folder = put(tmp_path / REGISTRY.name, pair, name)
    missing = {"client.cert": "client.key", "client.key": "client.cert"}[name]
    assert why(tmp_path) == f"{folder}: {missing} is missing"


def test_two_client_certificates_are_a_reason(pair: Path, tmp_path: Path) -> None:
    put(tmp_path / REGISTRY.name, pair, "a.cert", "a.key", "b.cert", "b.key")
    assert why(tmp_path).endswith("more than one client certificate")


def test_what_is_no_certificate_is_a_reason(pair: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / REGISTRY.name, pair, "ca.crt")
    (folder / "ca.crt").write_text("not a certificate")
    assert why(tmp_path) == f"{folder}/ca.crt: no certificate or crl found"
    (folder / "ca.crt").unlink()
    (folder / "ca.crt").mkdir()
    assert why(tmp_path).startswith(f"{folder}/ca.crt: ")


def test_a_key_of_another_certificate_is_a_reason(pair: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / REGISTRY.name, pair, "client.cert")
    make_certificate(folder / "client.key")
    assert why(tmp_path) == f"{folder}/client.cert and its key: key values mismatch"


def test_an_encrypted_key_is_a_reason_and_nobody_is_asked(pair: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / REGISTRY.name, pair, "client.cert")
    key = serialization.load_pem_private_key(pair.read_bytes(), None)
    (folder / "client.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    assert why(tmp_path) == f"{folder}/client.key: the key is encrypted"


def test_files_that_are_named_and_not_there_are_reasons() -> None:
    assert why(ca_file="/none.pem") == "/none.pem: No such file or directory"
    assert why(environment={"SSL_CERT_FILE": "/none"}) == "SSL_CERT_FILE: /none: No such file or directory"  # fmt: skip
    assert why(environment={"SSL_CERT_DIR": "/none"}) == "SSL_CERT_DIR: /none: no such folder"


def test_the_key_chain_is_not_loaded_before_it_is_asked() -> None:
    code = "import boltseal.resolve.certificates, sys\nassert 'truststore' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
