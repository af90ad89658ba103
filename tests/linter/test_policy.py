"""Policies and accepted findings: which one decides, and by what."""

from collections.abc import Callable
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.configuration.policy import accepted, required
from boltseal.configuration.settings import Accepted, Policy
from boltseal.finding import Finding, Severity
from boltseal.reference import ImageReference, InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Requirement, Whole

ANY, TAG, DIGEST = Requirement.ANY, Requirement.TAG, Requirement.DIGEST
SOURCE, SPAN = Source("shown/Dockerfile", b""), Span(0, 0)


def use_of(text: str, place: str = "dockerfile") -> ImageUse:
    return ImageUse(SOURCE, place, "FROM", text, parse(text), SPAN, Whole(SPAN))


UNKNOWN = use_of("x")._replace(reference=None, spelling=Opaque("a variable", ""))
INVALID = use_of("X")


def finding(rule: str, use: ImageUse | None) -> Finding:
    return Finding(rule, Severity.WARNING, "", "", SOURCE, SPAN, use)


def test_without_a_policy_a_digest_is_required() -> None:
    assert required((), use_of("nginx"), "Dockerfile") is DIGEST


def test_a_policy_without_conditions_is_for_all() -> None:
    for use in (use_of("nginx"), UNKNOWN, INVALID):
        assert required([Policy(ANY)], use, "Dockerfile") is ANY


def test_the_first_policy_that_fits_decides() -> None:
    rows = [
        Policy(DIGEST, images=("example/base",)),
        Policy(TAG, images=("example/*",)),
        Policy(ANY, registries=("docker.io",)),
    ]
    assert required(rows, use_of("example/base:1"), "a") is DIGEST
    assert required(rows, use_of("example/app:1"), "a") is TAG
    assert required(rows, use_of("nginx"), "a") is ANY
    assert required(rows, use_of("ghcr.io/example/app:1"), "a") is DIGEST


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        (Policy(ANY, registries=("registry.example.com",)), True),
        (Policy(ANY, registries=("registry.example.com/team",)), True),
        (Policy(ANY, registries=("*.example.com",)), True),
        (Policy(ANY, registries=("registry.example.com/te",)), False),
        (Policy(ANY, registries=("docker.io", "example.com")), False),
        (Policy(ANY, images=("nginx", "registry.example.com/**")), True),
        (Policy(ANY, images=("registry.example.com/*",)), False),
        (Policy(ANY, places=("compose", "dockerfile")), True),
        (Policy(ANY, places=("compose",)), False),
        (Policy(ANY, paths=("tests/",)), True),
        (Policy(ANY, paths=("Dockerfile",)), True),
        (Policy(ANY, paths=("/Dockerfile",)), False),
        (Policy(ANY, paths=("tests/**", "!tests/a/")), False),
        (Policy(ANY, paths=("tests/",), places=("compose",)), False),
        (Policy(ANY, paths=("docs/",), places=("dockerfile",)), False),
        (Policy(ANY, images=("**/app",), registries=("docker.io",)), False),
    ],
)
def test_all_conditions_must_hold(row: Policy, fits: bool) -> None:
    use = use_of("registry.example.com/team/app:1")
    assert (required([row], use, "tests/a/Dockerfile") is ANY) == fits


@pytest.mark.parametrize("use", [UNKNOWN, INVALID])
def test_what_is_said_of_images_is_not_said_of_one_that_is_not_known(use: ImageUse) -> None:
    assert required([Policy(ANY, images=("**",))], use, "a") is DIGEST
    assert required([Policy(ANY, registries=("docker.io",))], use, "a") is DIGEST
    assert required([Policy(ANY, places=("dockerfile",))], use, "a") is ANY


def test_the_first_entry_that_fits_accepts() -> None:
    first = Accepted("legacy", rules=("mutable-tag",), paths=("old/",))
    second = Accepted("known", images=("example/**",))
    rows = [first, second]
    assert accepted(rows, finding("mutable-tag", use_of("nginx:1")), "old/a") is first
    assert accepted(rows, finding("mutable-tag", use_of("nginx:1")), "new/a") is None
    assert accepted(rows, finding("implicit-latest", use_of("nginx")), "old/a") is None
    assert accepted(rows, finding("implicit-latest", use_of("example/a")), "old/a") is second
    assert accepted(rows, finding("mutable-tag", use_of("example/a:1")), "old/a") is first


def test_a_finding_about_a_file_is_accepted_by_rule_and_path_alone() -> None:
    found = finding("unparsable-file", None)
    by_path = Accepted(rules=("unparsable-file",), paths=("broken/",))
    assert accepted([by_path], found, "broken/a.yaml") is by_path
    for row in (
        Accepted(places=("compose",)),
        Accepted(images=("**",)),
        Accepted(registries=("*.x.y",)),
    ):
        assert accepted([row], found, "broken/a.yaml") is None


# A second reading: each condition by itself, in the words of the documentation.

NAMES = st.sampled_from(
    ["nginx:1", "example/app", "r.example.com/a/b:1", "r.example.net/a", "NO", ""]
)
ROWS = st.builds(
    Policy,
    require=st.sampled_from([ANY, TAG]),
    images=st.sets(st.sampled_from(["**/a", "r.example.com/**", "nginx"])).map(tuple),
    registries=st.sets(st.sampled_from(["docker.io", "*.example.com", "r.example.net"])).map(tuple),
    places=st.sets(st.sampled_from(["dockerfile", "compose"])).map(tuple),
    paths=st.sets(st.sampled_from(["a/", "*.yaml", "/b"])).map(tuple),
)
PATHS = st.sampled_from(["a/x", "b", "c/b", "c/d.yaml", "a.yaml"])


def naive(row: Policy, use: ImageUse, path: str) -> bool:
    image = use.reference
    known = not isinstance(image, InvalidReference | None)
    registry = image.registry if isinstance(image, ImageReference) else ""
    name = image.name if isinstance(image, ImageReference) else ""
    by_image = {
        "**/a": fnmatchcase(name, "*/a"),
        "r.example.com/**": fnmatchcase(name, "r.example.com/*"),
        "nginx": name == "docker.io/library/nginx",
    }
    by_registry = {
        "docker.io": registry == "docker.io",
        "*.example.com": registry == "r.example.com",
        "r.example.net": registry == "r.example.net",
    }
    by_path = {
        "a/": path.startswith("a/"),
        "*.yaml": path.endswith(".yaml"),
        "/b": path == "b",
    }
    place = {use.place: True}
    conditions: list[tuple[tuple[str, ...], Callable[[str], bool]]] = [
        (row.images, lambda one: known and by_image[one]),
        (row.registries, lambda one: known and by_registry[one]),
        (row.places, lambda one: place.get(one, False)),
        (row.paths, lambda one: by_path[one]),
    ]
    return all(not names or any(map(holds, names)) for names, holds in conditions)


@given(st.lists(ROWS, max_size=4), NAMES, st.sampled_from(["dockerfile", "shell"]), PATHS)
def test_policies_are_read_as_they_are_documented(
    rows: list[Policy], name: str, place: str, path: str
) -> None:
    use = use_of(name, place)
    fitting = [row.require for row in rows if naive(row, use, path)]
    assert required(rows, use, path) is (fitting[0] if fitting else DIGEST)
