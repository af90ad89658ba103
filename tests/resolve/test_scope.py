import pytest

from boltseal.reference import InvalidReference
from boltseal.resolve.scope import Scope, parse_scope


@pytest.mark.parametrize(
    ("text", "registry", "repository"),
    [
        ("registry.example.com", "registry.example.com", ""),
        ("registry.example.com:5000", "registry.example.com:5000", ""),
        ("localhost", "localhost", ""),
        ("registry.example.com/team/app", "registry.example.com", "team/app"),
        ("docker.io", "docker.io", ""),
        ("index.docker.io", "docker.io", ""),
        ("docker.io/nginx", "docker.io", "library/nginx"),
    ],
)
def test_a_registry_with_or_without_a_repository(text: str, registry: str, repository: str) -> None:
    assert parse_scope(text) == Scope(registry, repository)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a registry host"),
        ("nginx", "not a registry host"),
        ("team/app", "not a registry host"),
        ("https://registry.example.com", "an address"),
        ("registry.example.com/", ""),
        ("registry.example.com/Team", ""),
        ("registry.example.com/app:1.0", "names one image"),
        (f"registry.example.com/app@sha256:{'0' * 64}", "names one image"),
        ("registry.example.com:99999", ""),
        ("user@registry.example.com", ""),
    ],
)
def test_what_is_no_registry_has_a_reason(text: str, words: str) -> None:
    parsed = parse_scope(text)
    assert isinstance(parsed, InvalidReference)
    assert words in parsed.reason
    assert parsed.hint
