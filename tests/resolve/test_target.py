"""Which digest is asked for: of all platforms or one, of what a tag is now, or of hashed bytes."""

import httpx
import pytest

from boltseal.resolve.manifest import DOCKER_LIST
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.resolve.platform import parse_platform
from boltseal.resolve.registry import RegistryResolver
from boltseal.resolve.target import Target
from tests.resolve.images import Shelf
from tests.resolve.mockregistry import QUICK, NoCredentials, reason, reference

NAME = "registry.example.com/app"
AMD64 = {"os": "linux", "architecture": "amd64"}
ARM64 = {"os": "linux", "architecture": "arm64", "variant": "v8"}
ARMV6 = {"os": "linux", "architecture": "arm", "variant": "v6"}
ARMV7 = {"os": "linux", "architecture": "arm", "variant": "v7"}
WIN22 = {"os": "windows", "architecture": "amd64", "os.version": "10.0.20348.1129"}
WIN22_LATER = {"os": "windows", "architecture": "amd64", "os.version": "10.0.20348.2966"}
WIN25 = {"os": "windows", "architecture": "amd64", "os.version": "10.0.26100.1742"}
ATTESTATION = {"os": "unknown", "architecture": "unknown"}


def ask(shelf: Shelf, text: str, target: Target) -> Outcome:
    resolver = RegistryResolver(
        QUICK,
        target,
        transport=httpx.MockTransport(shelf.answer),
        credentials=NoCredentials(),
    )
    image = reference(text)
    return resolver.resolve([image])[image.canonical]


def on(platform: str) -> Target:
    return Target(parse_platform(platform))


UPDATE = Target(update=True)


def child(shelf: Shelf, index: str, position: int) -> str:
    import json

    return str(json.loads(shelf.manifests[index][0])["manifests"][position]["digest"])


@pytest.mark.parametrize(
    ("platform", "position"),
    [
        ("linux/amd64", 0),
        ("linux/x86_64", 0),
        ("linux/arm64", 1),
        ("linux/arm64/v8", 1),
        ("linux/aarch64", 1),
        ("linux/arm/v6", 2),
        ("linux/arm/v7", 3),
        ("linux/arm", 3),
        ("windows/amd64", 4),
    ],
)
def test_a_platform_is_found_in_an_index_by_any_of_its_names(platform: str, position: int) -> None:
    shelf = Shelf()
    index = shelf.index([AMD64, ARM64, ARMV6, ARMV7, WIN22, ATTESTATION])
    shelf.tags["1"] = index
    found = ask(shelf, f"{NAME}:1", on(platform))
    assert isinstance(found, Resolved)
    assert found.digest == child(shelf, index, position)
    assert shelf.lines == ["HEAD manifests/1", f"GET manifests/{index}"]


def test_a_docker_list_has_platforms_too() -> None:
    shelf = Shelf()
    image = shelf.image(ARM64)
    shelf.tags["1"] = shelf.index_of([shelf.entry(image, ARM64)], kind=DOCKER_LIST)
    found = ask(shelf, f"{NAME}:1", on("linux/arm64"))
    assert isinstance(found, Resolved)
    assert found.digest == image


def test_a_platform_that_is_not_there_is_refused_with_those_that_are() -> None:
    shelf = Shelf()
    shelf.tags["1"] = shelf.index([AMD64, ARMV7, ATTESTATION])
    found = ask(shelf, f"{NAME}:1", on("linux/arm64"))
    assert reason(found) == "the image is not there for linux/arm64"
    assert isinstance(found, Unresolved)
    assert found.hint == "it has linux/amd64, linux/arm"


def test_two_builds_of_windows_are_not_chosen_between() -> None:
    shelf = Shelf()
    shelf.tags["1"] = shelf.index([WIN22, WIN25])
    found = ask(shelf, f"{NAME}:1", on("windows/amd64"))
    assert reason(found) == "the image has 2 entries for windows/amd64"


def test_one_image_is_taken_where_its_configuration_names_the_platform() -> None:
    shelf = Shelf()
    shelf.tags["1"] = shelf.image(ARM64)
    found = ask(shelf, f"{NAME}:1", on("linux/arm64"))
    assert isinstance(found, Resolved)
    assert found.digest == shelf.tags["1"]
    other = ask(shelf, f"{NAME}:1", on("linux/amd64"))
    assert reason(other) == "the image is not there for linux/amd64"


def test_what_is_no_image_has_no_platform() -> None:
    shelf = Shelf()
    shelf.tags["1"] = shelf.image(None)
    found = ask(shelf, f"{NAME}:1", on("linux/amd64"))
    assert isinstance(found, Unresolved)
    assert found.hint == "it names no platform"


def test_an_index_that_is_not_the_one_asked_for_is_refused() -> None:
    shelf = Shelf()
    index = shelf.index([AMD64])
    shelf.tags["1"] = index
    shelf.manifests[index] = (shelf.manifests[index][0] + b" ", shelf.manifests[index][1])
    assert "does not have the digest it names" in reason(ask(shelf, f"{NAME}:1", on("linux/amd64")))


def test_a_configuration_that_is_not_the_one_named_is_refused() -> None:
    shelf = Shelf()
    shelf.tags["1"] = shelf.image(AMD64)
    (config,) = shelf.blobs
    shelf.blobs[config] += b" "
    assert "does not have the digest it names" in reason(ask(shelf, f"{NAME}:1", on("linux/amd64")))


def test_a_tag_that_stayed_costs_one_head() -> None:
    shelf = Shelf()
    shelf.tags["1"] = shelf.index([AMD64])
    found = ask(shelf, f"{NAME}:1@{shelf.tags['1']}", UPDATE)
    assert isinstance(found, Resolved)
    assert found.digest == shelf.tags["1"]
    assert shelf.lines == ["HEAD manifests/1"]


def test_an_index_is_followed_by_an_index_without_a_pull() -> None:
    shelf = Shelf()
    old = shelf.index([AMD64, ARM64], "old")
    shelf.tags["1"] = shelf.index([AMD64], "new")
    found = ask(shelf, f"{NAME}:1@{old}", UPDATE)
    assert isinstance(found, Resolved)
    assert found.digest == shelf.tags["1"]
    assert shelf.lines == ["HEAD manifests/1", f"HEAD manifests/{old}"]


@pytest.mark.parametrize("position", range(5))
def test_one_platform_is_followed_by_the_same_platform(position: int) -> None:
    shelf = Shelf()
    old = shelf.index([AMD64, ARM64, ARMV6, ARMV7, WIN22], "old")
    new = shelf.index([AMD64, ARM64, ARMV6, ARMV7, WIN22_LATER, WIN25], "new")
    shelf.tags["1"] = new
    found = ask(shelf, f"{NAME}:1@{child(shelf, old, position)}", UPDATE)
    assert isinstance(found, Resolved)
    assert found.digest == child(shelf, new, position)


def test_a_digest_of_one_platform_stays_where_its_index_has_not_moved() -> None:
    shelf = Shelf()
    index = shelf.index([AMD64, ARM64])
    shelf.tags["1"] = index
    found = ask(shelf, f"{NAME}:1@{child(shelf, index, 1)}", UPDATE)
    assert isinstance(found, Resolved)
    assert found.digest == child(shelf, index, 1)


@pytest.mark.parametrize(
    ("old", "new", "gone"),
    [
        (ARMV6, [ARMV7, ARM64], "linux/arm/v6"),
        (ARMV7, [ARMV6, ARM64], "linux/arm"),
        (ARM64, [AMD64], "linux/arm64"),
        (WIN22, [WIN25], "windows/amd64 (10.0.20348)"),
    ],
)
def test_a_platform_that_is_gone_is_refused(
    old: dict[str, str], new: list[dict[str, str]], gone: str
) -> None:
    shelf = Shelf()
    sealed = child(shelf, shelf.index([old, AMD64], "old"), 0)
    shelf.tags["1"] = shelf.index(new, "new")
    found = ask(shelf, f"{NAME}:1@{sealed}", UPDATE)
    assert reason(found) == f"the image is not there for {gone}"


def test_one_image_is_followed_by_one_image_of_its_platform_alone() -> None:
    shelf = Shelf()
    sealed = shelf.image(AMD64, "old")
    shelf.tags["1"] = shelf.image(AMD64, "new")
    found = ask(shelf, f"{NAME}:1@{sealed}", UPDATE)
    assert isinstance(found, Resolved)
    assert found.digest == shelf.tags["1"]
    shelf.tags["1"] = shelf.image(ARM64, "new")
    assert reason(ask(shelf, f"{NAME}:1@{sealed}", UPDATE)) == (
        "the image is not there for linux/amd64"
    )


def test_an_artifact_is_followed_by_an_artifact_and_not_by_an_index() -> None:
    shelf = Shelf()
    sealed = shelf.image(None, "old")
    shelf.tags["1"] = shelf.image(None, "new")
    found = ask(shelf, f"{NAME}:1@{sealed}", UPDATE)
    assert isinstance(found, Resolved)
    assert found.digest == shelf.tags["1"]
    shelf.tags["1"] = shelf.index([AMD64])
    assert "names no platform" in reason(ask(shelf, f"{NAME}:1@{sealed}", UPDATE))


def test_a_digest_that_is_gone_tells_no_platform() -> None:
    shelf = Shelf()
    shelf.tags["1"] = shelf.index([AMD64])
    found = ask(shelf, f"{NAME}:1@sha256:{'0' * 64}", UPDATE)
    assert isinstance(found, Unresolved)
    assert found.gone
    assert "'--platform'" in found.hint


def test_a_platform_that_is_asked_for_needs_nothing_of_the_old_digest() -> None:
    shelf = Shelf()
    index = shelf.index([AMD64, ARM64])
    shelf.tags["1"] = index
    target = Target(parse_platform("linux/arm64"), update=True)
    found = ask(shelf, f"{NAME}:1@sha256:{'0' * 64}", target)
    assert isinstance(found, Resolved)
    assert found.digest == child(shelf, index, 1)


def test_an_update_of_a_tag_that_is_gone_says_so() -> None:
    shelf = Shelf()
    sealed = shelf.index([AMD64])
    found = ask(shelf, f"{NAME}:1@{sealed}", UPDATE)
    assert reason(found) == "no such tag on registry.example.com"
    assert isinstance(found, Unresolved)
    assert not found.gone


def test_a_digest_that_is_gone_is_told_apart_from_what_cannot_be_asked() -> None:
    shelf = Shelf()
    found = ask(shelf, f"{NAME}@sha256:{'0' * 64}", Target())
    assert reason(found) == "no such digest on registry.example.com"
    assert isinstance(found, Unresolved)
    assert found.gone


def test_to_verify_is_to_hash_what_is_sent() -> None:
    shelf = Shelf()
    index = shelf.index([AMD64])
    shelf.tags["1"] = index
    found = ask(shelf, f"{NAME}:1", Target(verify=True))
    assert isinstance(found, Resolved)
    assert found.digest == index
    assert shelf.lines == ["GET manifests/1"]
    shelf.manifests[index] = (shelf.manifests[index][0] + b" ", shelf.manifests[index][1])
    assert isinstance(ask(shelf, f"{NAME}:1", Target()), Resolved)
    assert isinstance(ask(shelf, f"{NAME}:1", Target(verify=True)), Unresolved)
