import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.routing import Endpoint, Mirror, Namespace, Pull, Route, route
from tests.resolve.mockregistry import reference

CONF = "/etc/containers/registries.conf"
DIGEST = f"sha256:{'0' * 64}"


def space(prefix: str, location: str = "", *mirrors: Mirror, blocked: bool = False) -> Namespace:
    return Namespace(prefix, CONF, location, blocked, mirrors=mirrors)


def routed(text: str, *spaces: Namespace) -> list[str]:
    """The names that are asked, the origin's first."""
    found = route(reference(text), spaces, by_digest=reference(text).is_pinned)
    assert isinstance(found, Route), found
    return [it.reference.canonical for it in (found.origin, *found.mirrors)]


def refused(text: str, *spaces: Namespace) -> str:
    found = route(reference(text), spaces, by_digest=reference(text).is_pinned)
    assert isinstance(found, Unresolved), found
    return found.reason


def test_without_configuration_a_reference_is_asked_where_it_says() -> None:
    asked = reference("nginx")
    assert route(asked, (), by_digest=False) == Route(Endpoint(asked))


@pytest.mark.parametrize(
    ("prefix", "location", "text", "asked"),
    [
        ("example.com/foo", "internal.example.net/bar", "example.com/foo/app:1", "internal.example.net/bar/app:1"),
        ("example.com/foo", "internal.example.net/bar", "example.com/foo:1", "internal.example.net/bar:1"),
        ("example.com/foo", "internal.example.net/bar", "example.com/food/app:1", "example.com/food/app:1"),
        ("example.com", "internal.example.net", f"example.com/app@{DIGEST}", f"internal.example.net/app@{DIGEST}"),
        ("example.com/app:1", "example.net/app:2", "example.com/app:1", "example.net/app:2"),
        ("docker.io", "hub.example.com/cache", "nginx:1", "hub.example.com/cache/library/nginx:1"),
        ("docker.io", "hub.example.com", "registry-1.docker.io/team/app:1", "hub.example.com/team/app:1"),
        ("*.example.com", "", "a.example.com/app:1", "a.example.com/app:1"),
        ("*.example.com", "example.net:5000/all", "a.b.example.com/app:1", "example.net:5000/all/app:1"),
        ("example.com", "example.net", "EXAMPLE.com/app:1", "example.net/app:1"),
    ],
)  # fmt: skip
def test_a_location_takes_the_place_of_the_prefix(
    prefix: str, location: str, text: str, asked: str
) -> None:
    assert routed(text, space(prefix, location)) == [asked]


def test_the_longest_prefix_counts_whatever_the_order() -> None:
    spaces = [
        space("example.com", "one.example.net"),
        space("example.com/a/b", "three.example.net"),
        space("example.com/a", "two.example.net"),
        space("*.com", "four.example.net"),
    ]
    for _ in spaces:
        spaces.append(spaces.pop(0))
        assert routed("example.com/a/b/app:1", *spaces) == ["three.example.net/app:1"]
        assert routed("example.com/a/app:1", *spaces) == ["two.example.net/app:1"]
        assert routed("example.com/app:1", *spaces) == ["one.example.net/app:1"]
        assert routed("other.com/app:1", *spaces) == ["four.example.net/app:1"]


def test_a_host_counts_before_a_wildcard_of_the_same_length() -> None:
    spaces = [space("*.example.com", "", blocked=True), space("a.example.com", "example.net")]
    assert routed("a.example.com/app:1", *spaces) == ["example.net/app:1"]
    assert routed("a.example.com/app:1", *spaces[::-1]) == ["example.net/app:1"]


@pytest.mark.parametrize(
    "text",
    [
        "example.com/app:1",
        "example.com:443/app:1",
        "Example.Com/app:1",
        f"example.com/app@{DIGEST}",
    ],
)
def test_what_is_blocked_names_the_file(text: str) -> None:
    assert (
        refused(text, space("example.com", blocked=True)) == f"'example.com' is blocked by {CONF}"
    )


def test_docker_hub_is_blocked_under_each_of_its_names() -> None:
    for text in ("nginx", "index.docker.io/library/nginx", "registry-1.docker.io/library/nginx"):
        assert "is blocked" in refused(text, space("docker.io", blocked=True))


def test_a_part_of_what_is_blocked_may_be_open() -> None:
    spaces = space("example.com", blocked=True), space("example.com/open")
    assert routed("example.com/open/app:1", *spaces) == ["example.com/open/app:1"]


def test_mirrors_are_for_the_references_that_they_say() -> None:
    mirrors = [Mirror(f"{pull}.example.net", pull=pull) for pull in Pull]
    whole = space("example.com", "example.com", *mirrors)
    assert routed("example.com/app:1", whole) == [
        "example.com/app:1",
        "all.example.net/app:1",
        "tag-only.example.net/app:1",
    ]
    assert routed(f"example.com/app@{DIGEST}", whole) == [
        f"example.com/app@{DIGEST}",
        f"all.example.net/app@{DIGEST}",
        f"digest-only.example.net/app@{DIGEST}",
    ]


def test_what_needs_no_tls_is_told_for_each_place() -> None:
    whole = Namespace(
        "a.example.com", CONF, "b.example.com", insecure=True, mirrors=(Mirror("c.example.com"),)
    )
    found = route(reference("a.example.com/app:1"), [whole], by_digest=False)
    assert isinstance(found, Route)
    assert found.origin.insecure
    assert [mirror.insecure for mirror in found.mirrors] == [False]


@pytest.mark.parametrize("location", ["example.net/app:2", "docker.io", "example.net/UPPER"])
def test_a_location_that_makes_no_name_is_a_reason(location: str) -> None:
    assert "makes no image name" in refused("example.com/app:1", space("example.com", location))


words = st.text("ab", min_size=1, max_size=2)
names = st.lists(words, min_size=1, max_size=4).map(lambda it: "/".join(["example.com", *it]))


@given(names, st.lists(names, max_size=6, unique=True))
def test_the_longest_prefix_is_the_longest_name_above(name: str, prefixes: list[str]) -> None:
    spaces = [space(prefix, f"m{index}.example.net") for index, prefix in enumerate(prefixes)]
    above = [prefix for prefix in prefixes if f"{name}/".startswith(f"{prefix}/")]
    if not above:
        assert routed(f"{name}:1", *spaces) == [f"{name}:1"]
        return
    longest = max(above, key=len)
    host = f"m{prefixes.index(longest)}.example.net"
    if longest == name:  # Nothing is left below the location's host.
        refused(f"{name}:1", *spaces)
    else:
        assert routed(f"{name}:1", *spaces) == [f"{host}{name.removeprefix(longest)}:1"]
