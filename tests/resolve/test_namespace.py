import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.resolve.namespace import folded, is_allowed, problem, rest
from tests.resolve.mockregistry import reference

PARTS = [
    "registry.example.com",
    "registry.example.com:5000",
    "registry.example.com/team",
    "docker.io",
    "docker.io/library",
    "localhost",
    "*.example.com",
]


@pytest.mark.parametrize(
    "name", [*PARTS, "[2001:db8::1]:5000", "registry.example.com/team/app:1.0"]
)
def test_parts_that_may_be_named(name: str) -> None:
    assert problem(name) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("https://registry.example.com", "without a scheme"),
        ("", "registry's host"),
        ("/team", "registry's host"),
        ("*", "registry's host"),
        ("mirror/team", "registry's host"),
        ("example.*.com", "registry's host"),
        ("registry.example.com:0", "registry's host"),
        ("*.", "before a domain"),
        ("*.example.com/team", "before a domain"),
        ("*.example.com:5000", "before a domain"),
        ("registry.example.com/Team", "upper-case"),
    ],
)
def test_what_names_no_part_is_explained(name: str, said: str) -> None:
    assert said in problem(name)


@pytest.mark.parametrize(
    ("part", "text", "allowed"),
    [
        ("registry.example.com", "registry.example.com/app:1", True),
        ("registry.example.com", "Registry.Example.COM/app:1", True),
        ("registry.example.com", "registry.example.com:443/app:1", True),
        ("registry.example.com:443", "registry.example.com/app:1", True),
        ("registry.example.com", "registry.example.com:5000/app:1", False),
        ("registry.example.com:5000", "registry.example.com/app:1", False),
        ("registry.example.com", "registry.example.com.example.net/app:1", False),
        ("registry.example.com", "my-registry.example.com/app:1", False),
        ("registry.example.com/team", "registry.example.com/team/app:1", True),
        ("registry.example.com/team", "registry.example.com/team:1", True),
        ("registry.example.com/team", "registry.example.com/team-b/app:1", False),
        ("registry.example.com/team/app", "registry.example.com/team/app:1", True),
        ("*.example.com", "registry.example.com/app:1", True),
        ("*.example.com", "a.registry.example.com/app:1", True),
        ("*.example.com", "example.com/app:1", False),
        ("*.example.com", "badexample.com/app:1", False),
        ("*.example.com", "registry.example.com:5000/app:1", False),
        ("docker.io", "nginx:1", True),
        ("docker.io", "registry-1.docker.io/library/nginx:1", True),
        ("index.docker.io", "nginx:1", True),
        ("docker.io/library", "nginx:1", True),
        ("docker.io/library", "team/app:1", False),
    ],
)
def test_a_part_holds_what_is_below_it(part: str, text: str, allowed: bool) -> None:
    assert is_allowed(frozenset({part}), reference(text)) is allowed


def test_no_part_holds_nothing() -> None:
    assert not is_allowed(frozenset(), reference("nginx"))


@pytest.mark.parametrize(
    ("part", "name", "after"),
    [
        ("example.com", "example.com/app:1", "/app:1"),
        ("example.com", "example.com:5000/app:1", ":5000/app:1"),
        ("example.com", "example.community/app:1", None),
        ("example.com/foo", "example.com/foo/app:1", "/app:1"),
        ("example.com/foo", "example.com/foo:1", ":1"),
        ("example.com/foo", "example.com/food:1", None),
        ("example.com/foo:1", "example.com/foo:1", ""),
        ("example.com/foo:1", "example.com/foo:1@sha256:0", "@sha256:0"),
        ("example.com/foo:1", "example.com/foo:10", None),
        ("*.example.com", "a.example.com/foo:1", "/foo:1"),
        ("*.example.com", "b.a.example.com:5000/foo:1", ":5000/foo:1"),
        ("*.example.com", "a.example.com.example.net/foo:1", None),
        ("*.example.com", "example.com/foo:1", None),
        ("*.example.com", "example.net/a.example.com/foo:1", None),
    ],
)
def test_what_follows_a_part_is_told(part: str, name: str, after: str | None) -> None:
    assert rest(part, name) == after


hosts = st.sampled_from(["example.com", "a.example.com", "b.a.example.com:5000", "docker.io"])
paths = st.lists(st.sampled_from(["a", "aa", "b"]), min_size=1, max_size=3).map("/".join)


@given(hosts, paths, st.integers(0, 3))
def test_every_ancestor_of_a_name_holds_it(host: str, path: str, depth: int) -> None:
    steps = path.split("/")
    part = "/".join([host, *steps[:depth]])
    name = f"{host}/{path}:1"
    assert part + (rest(part, name) or "") == name
    if "/" in path or host != "docker.io":
        assert is_allowed(frozenset({part}), reference(name))


@given(hosts, paths, hosts, paths)
def test_a_part_that_holds_a_name_is_where_it_starts(
    host: str, path: str, other: str, below: str
) -> None:
    if is_allowed(frozenset({f"{host}/{path}"}), reference(f"{other}/{below}")):
        assert f"{other}/{below}/".startswith(f"{host}/{path}/") or other == "docker.io"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    problem(text)
