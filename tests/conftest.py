"""Fixtures for every test package."""

from tests.registries import (
    authority,
    issuer,
    mirror,
    mutual_tls,
    private_registry,
    registry,
    stocked,
    tls_registry,
    token_registry,
    token_service,
)

__all__ = [
    "authority",
    "issuer",
    "mirror",
    "mutual_tls",
    "private_registry",
    "registry",
    "stocked",
    "tls_registry",
    "token_registry",
    "token_service",
]
