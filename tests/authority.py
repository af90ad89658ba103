"""A private certificate authority, for registries on 127.0.0.1 that speak TLS."""

import datetime
import ipaddress
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Pair(NamedTuple):
    """The files of a certificate and of its key, both PEM."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates; ``certificate`` is the file to trust it by."""

    def __init__(self, directory: Path, name: str = "tests") -> None:
        self._directory = directory
        self._name = _common_name(f"{name} authority")
        self._key = _new_key()
        usage = x509.KeyUsage(
            key_cert_sign=True,
            crl_sign=True,
            **dict.fromkeys(
                (
                    "digital_signature",
                    "content_commitment",
                    "key_encipherment",
                    "data_encipherment",
                    "key_agreement",
                    "encipher_only",
                    "decipher_only",
                ),
                False,
            ),
        )
        builder = _builder(self._name, self._name, self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        builder = builder.add_extension(usage, True)
        certificate = builder.sign(self._key, hashes.SHA256())
        self.certificate = directory / f"{name}-authority.crt"
        self.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server(self) -> Pair:
        """A certificate for a server on 127.0.0.1."""
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), address])
        return self._signed("server", names)

    def client(self) -> Pair:
        """A certificate for a client."""
        return self._signed("client", x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]))

    def _signed(self, name: str, extension: x509.ExtensionType) -> Pair:
        key = _new_key()
        builder = _builder(_common_name(name), self._name, key.public_key())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(issuer, False)
            .add_extension(extension, False)
            .sign(self._key, hashes.SHA256())
        )
        pair = Pair(self._directory / f"{name}.cert", self._directory / f"{name}.key")
        pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        pair.key.write_bytes(private_bytes(key))
        return pair


def self_signed(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    """A certificate that a key signs for itself."""
    subject = _common_name(name)
    return _builder(subject, subject, key.public_key()).sign(key, hashes.SHA256())


def private_bytes(key: rsa.RSAPrivateKey) -> bytes:
    """A key as PEM, without a password."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _common_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
    )
