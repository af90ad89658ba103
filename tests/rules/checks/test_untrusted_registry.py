"""Registries that are trusted and that are not: which images are reported, and in which words."""

import pytest

from boltseal.reference import parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Whole
from boltseal_rules.checks.untrusted_registry import check

SPAN = Span(0, 1)
DIGEST = "sha256:" + "0" * 64
USE = ImageUse(Source("a", b"a"), "dockerfile", "FROM", "", None, SPAN, Opaque("unknown", ""))


def said(reference: str, trusted: tuple[str, ...] = (), untrusted: tuple[str, ...] = ()) -> str:
    use = USE._replace(reference=parse(reference), spelling=Whole(SPAN))
    finding = check(trusted, untrusted).judge(use, None)
    return finding.message if finding else ""


@pytest.mark.parametrize("reference", ["nginx", "nginx:1.27", f"docker.io/nginx@{DIGEST}"])
def test_an_image_is_reported_sealed_or_not(reference: str) -> None:
    where = "docker.io/library/nginx is"
    assert said(reference, trusted=("ghcr.io",)) == f"{where} not in trusted-registries"
    assert (
        said(reference, untrusted=("ghcr.io", "docker.io"))
        == f"{where} in untrusted-registries, as 'docker.io'"
    )
    assert said(reference, trusted=("ghcr.io", "docker.io")) == ""
    assert said(reference, untrusted=("ghcr.io",)) == ""


def test_a_part_that_is_not_trusted_goes_before_the_whole_that_is() -> None:
    trusted, untrusted = ("registry.example.com",), ("registry.example.com/scratch",)
    assert said("registry.example.com/team/app", trusted, untrusted) == ""
    assert "as 'registry.example.com/scratch'" in said(
        "registry.example.com/scratch/app", trusted, untrusted
    )


@pytest.mark.parametrize(
    ("part", "reference", "trusted"),
    [
        ("*.example.com", "a.b.example.com/x", True),
        ("*.example.com", "example.com/x", False),
        ("*.example.com", "example.com.example.net/x", False),
        ("registry.example.com/team", "registry.example.com/team", True),
        ("registry.example.com/team", "registry.example.com/teams/x", False),
        ("registry.example.com", "registry.example.com:5000/x", False),
        ("index.docker.io", "nginx", True),
        ("docker.io/library", "example/nginx", False),
    ],
)
def test_a_part_is_read_as_everywhere(part: str, reference: str, trusted: bool) -> None:
    assert (said(reference, trusted=(part,)) == "") == trusted


def test_what_is_not_known_or_no_reference_is_not_judged() -> None:
    own = check(("ghcr.io",), ("docker.io",))
    assert own.judge(USE, None) is None
    assert said("NGINX", trusted=("ghcr.io",)) == ""
