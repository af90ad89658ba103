"""Platforms: how they are written, and what a hostile index may not do."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.resolve.outcome import Resolved, Unresolved
from boltseal.resolve.platform import (
    Platform,
    configuration_digest,
    of_configuration,
    parse_platform,
    select,
)

AMD64 = Platform("linux", "amd64")
DIGEST = "sha256:" + "1" * 64
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("linux/amd64", "linux/amd64"),
        ("Linux/AMD64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v3", "linux/amd64/v3"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm64/8", "linux/arm64"),
        ("linux/arm64/v9", "linux/arm64/v9"),
        ("linux/arm/v7", "linux/arm"),
        ("linux/arm/6", "linux/arm/v6"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/armhf", "linux/arm"),
        ("linux/i386", "linux/386"),
        ("linux/riscv64", "linux/riscv64"),
    ],
)
def test_one_platform_has_one_form(text: str, shown: str) -> None:
    platform = parse_platform(text)
    assert str(platform) == shown
    assert parse_platform(shown) == platform


@pytest.mark.parametrize(
    "text", ["", "linux", "linux/", "/amd64", "a/b/c/d", "$BUILDPLATFORM", "linux/ämd64", "a b/c"]
)
def test_what_is_no_platform(text: str) -> None:
    assert parse_platform(text) is None


def index(*entries: Any) -> bytes:
    return json.dumps({"manifests": list(entries)}).encode()


def entry(**changes: Any) -> dict[str, Any]:
    base = {
        "mediaType": MANIFEST,
        "digest": DIGEST,
        "size": 1,
        "platform": {"os": "linux", "architecture": "amd64"},
    }
    return {**base, **changes}


def test_the_entry_is_selected() -> None:
    assert select(index(entry()), AMD64) == Resolved(DIGEST, MANIFEST)


@pytest.mark.parametrize(
    "strange",
    [
        "text",
        entry(digest="sha256:short"),
        entry(digest=f"{DIGEST}\n"),
        entry(digest=None),
        entry(platform=None),
        entry(platform={"os": 1, "architecture": "amd64"}),
        entry(platform={"os": "linux"}),
        entry(platform={"os": "unknown", "architecture": "unknown"}),
        entry(mediaType="application/vnd.oci.image.index.v1+json"),
        entry(mediaType="text/html"),
        entry(mediaType=["a"]),
    ],
)
def test_an_entry_that_is_no_image_is_passed_over(strange: Any) -> None:
    assert isinstance(select(index(strange), AMD64), Unresolved)
    assert select(index(strange, entry()), AMD64) == Resolved(DIGEST, MANIFEST)


def test_two_images_for_one_platform_are_ambiguous_unless_they_are_the_same() -> None:
    other = entry(digest="sha256:" + "2" * 64)
    assert isinstance(select(index(entry(), other), AMD64), Unresolved)
    assert select(index(entry(), entry()), AMD64) == Resolved(DIGEST, MANIFEST)


def test_a_hint_is_short_and_safe_to_print() -> None:
    many = [entry(platform={"os": f"os{n}", "architecture": "a"}) for n in range(50)]
    bad = entry(platform={"os": "linux", "architecture": "arm", "variant": "\x1b[31m"})
    refused = select(index(bad, *many), AMD64)
    assert isinstance(refused, Unresolved)
    assert "\x1b" not in refused.hint
    assert refused.hint.endswith("and 39 more")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"config": 1}', b'{"config": {}}', b"\xff"])
def test_a_manifest_without_a_configuration_names_none(body: bytes) -> None:
    assert configuration_digest(body) is None


@given(st.binary(max_size=64))
def test_no_bytes_are_a_surprise(body: bytes) -> None:
    assert of_configuration(body) is None or body.startswith(b"{")
    assert isinstance(select(body, AMD64), Unresolved)
