"""Fixtures for every test package."""

from tests.registry import private_registry, registry

__all__ = ["private_registry", "registry"]
