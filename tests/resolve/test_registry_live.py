import pytest

from boltseal.reference import ImageReference, parse
from boltseal.resolve.credentials import Credentials
from boltseal.resolve.manifest import DOCKER_LIST, OCI_INDEX, OCI_MANIFEST
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from tests.registry import PASSWORD, USER, Registry
from tests.resolve.mockregistry import Login, NoCredentials

pytestmark = pytest.mark.registry


def resolve(text: str, credentials: Credentials | None = None) -> Outcome:
    reference = parse(text)
    assert isinstance(reference, ImageReference)
    resolver = RegistryResolver(
        RegistryOptions(deadline=10), credentials=credentials or NoCredentials()
    )
    return resolver.resolve([reference])[reference.canonical]


def test_an_index_resolves_to_its_own_digest(registry: Registry) -> None:
    digest = registry.push("multi", "lab/multi:1.0")
    assert digest == registry.digests["multi"]
    assert resolve(f"{registry.host}/lab/multi:1.0") == Resolved(digest, OCI_INDEX)


def test_an_image_for_one_platform_resolves(registry: Registry) -> None:
    digest = registry.push("single", "lab/single:1.0")
    assert resolve(f"{registry.host}/lab/single:1.0") == Resolved(digest, OCI_MANIFEST)


def test_a_docker_list_resolves_to_the_list_not_to_a_platform(registry: Registry) -> None:
    digest = registry.push("multi", "lab/list:1.0", docker=True)
    assert resolve(f"{registry.host}/lab/list:1.0") == Resolved(digest, DOCKER_LIST)


def test_a_missing_tag_and_a_missing_repository_are_told_apart(registry: Registry) -> None:
    registry.push("single", "lab/single:1.0")
    tag = resolve(f"{registry.host}/lab/single:2.0")
    repository = resolve(f"{registry.host}/lab/none:1.0")
    assert isinstance(tag, Unresolved)
    assert isinstance(repository, Unresolved)
    assert tag.reason == f"no such tag on {registry.host}"
    # This registry names an unknown repository as such only where it looks for tags.
    assert repository.reason.startswith("no such ")


def test_a_digest_that_is_there_resolves_to_itself(registry: Registry) -> None:
    digest = registry.push("single", "lab/single:1.0")
    assert resolve(f"{registry.host}/lab/single@{digest}") == Resolved(digest, OCI_MANIFEST)


def test_a_digest_that_is_gone_is_reported(registry: Registry) -> None:
    outcome = resolve(f"{registry.host}/lab/single@sha256:{'0' * 64}")
    assert isinstance(outcome, Unresolved)
    assert outcome.reason == f"no such digest on {registry.host}"


def test_a_private_registry_opens_with_the_login(private_registry: Registry) -> None:
    digest = private_registry.push("multi", "lab/multi:1.0")
    outcome = resolve(
        f"{private_registry.host}/lab/multi:1.0", Login(username=USER, password=PASSWORD)
    )
    assert outcome == Resolved(digest, OCI_INDEX)


def test_a_private_registry_refuses_others_with_a_reason(private_registry: Registry) -> None:
    anonymous = resolve(f"{private_registry.host}/lab/multi:1.0")
    wrong = resolve(
        f"{private_registry.host}/lab/multi:1.0", Login(username=USER, password="wrong")
    )
    assert isinstance(anonymous, Unresolved)
    assert isinstance(wrong, Unresolved)
    assert "needs a login" in anonymous.reason
    assert wrong.reason == f"{private_registry.host} refused the login from the test's file"
