"""What a run costs a real registry, by the registry's own log."""

import pytest

from boltseal.resolve.outcome import Resolved
from tests.live.asking import parsed, resolver, user
from tests.registries import Stocked
from tests.registry import Registry

pytestmark = pytest.mark.registry

IMAGES = ("lab/index:1.0", "lab/single:1.0", "lab/list:1.0")


def heads(*names: str) -> list[str]:
    return sorted(
        f"HEAD /v2/{repository}/manifests/{tag} 200"
        for repository, _, tag in (name.partition(":") for name in names)
    )


def test_one_head_for_each_reference_and_nothing_else(registry: Registry, stocked: Stocked) -> None:
    stocked(registry)
    references = [parsed(f"{registry.host}/{name}") for name in IMAGES for _ in range(3)]
    asks = resolver()
    with registry.watched() as asked:
        asks.resolve(references)
        asks.resolve(references)
    assert sorted(asked) == heads(*IMAGES)


def test_a_password_costs_one_refusal_for_a_reference_at_most(
    private_registry: Registry, stocked: Stocked
) -> None:
    stocked(private_registry)
    asks = resolver(user())
    with private_registry.watched() as asked:
        outcomes = asks.resolve(parsed(f"{private_registry.host}/{name}") for name in IMAGES)
    assert all(isinstance(outcome, Resolved) for outcome in outcomes.values())
    assert sorted(line for line in asked if line.endswith(" 200")) == heads(*IMAGES)
    refused = [line for line in asked if not line.endswith(" 200")]
    assert all(line.startswith("HEAD ") and line.endswith(" 401") for line in refused)
    assert len(refused) <= len(IMAGES)


def test_an_index_with_its_images_is_one_head(registry: Registry, stocked: Stocked) -> None:
    stocked(registry)
    with registry.watched() as asked:
        resolver().resolve([parsed(f"{registry.host}/lab/index:1.0")])
    assert asked == heads("lab/index:1.0")
