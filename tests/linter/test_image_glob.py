"""Globs over the names of images: what they match, held against a reading that tries everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.configuration.image_glob import canonical, compiled, problem
from boltseal.reference import ImageReference, parse


def matches(glob: str, reference: str) -> bool:
    image = parse(reference)
    assert isinstance(image, ImageReference)
    assert problem(glob) == ""
    return compiled(glob).matches(image.name)


@pytest.mark.parametrize(
    ("glob", "reference"),
    [
        ("nginx", "nginx:1.27"),
        ("library/nginx", "nginx"),
        ("docker.io/nginx", "docker.io/library/nginx"),
        ("index.docker.io/library/nginx", "nginx"),
        ("registry-1.docker.io/example/app", "example/app"),
        ("nginx*", "nginx-unprivileged"),
        ("*", "nginx"),
        ("example/*", "example/app"),
        ("docker.io/**", "example/app"),
        ("**", "registry.example.com/a/b/c"),
        ("**/app", "registry.example.com/team/app"),
        ("**registry.example.com/app", "registry.example.com/app"),
        ("registry.example.com/team/**", "registry.example.com/team/a/b"),
        ("Registry.Example.com/*", "registry.example.com/app"),
        ("*.example.com/**", "registry.example.com/app"),
        ("localhost/app", "localhost/app"),
        ("localhost:5000/*", "localhost:5000/app"),
        ("[2001:db8::1]:5000/*", "[2001:db8::1]:5000/app"),
        ("registry.example.com/**/app*", "registry.example.com/a/b/app-web"),
    ],
)
def test_a_glob_matches(glob: str, reference: str) -> None:
    assert matches(glob, reference)


@pytest.mark.parametrize(
    ("glob", "reference"),
    [
        ("nginx", "example/nginx"),
        ("nginx", "registry.example.com/library/nginx"),
        ("*", "example/app"),
        ("docker.io/*", "example/app"),
        ("example/*", "example/team/app"),
        ("registry.example.com/*", "registry.example.com/team/app"),
        ("registry.example.com/team/**", "registry.example.com/team"),
        ("registry.example.com/team/**", "registry.example.com/teams/app"),
        ("registry.example.com/**", "registry.example.com.example.net/app"),
        ("localhost:5000/*", "localhost:5001/app"),
        ("*/app", "registry.example.com/app"),
    ],
)
def test_a_glob_does_not_match(glob: str, reference: str) -> None:
    assert not matches(glob, reference)


@pytest.mark.parametrize(
    ("glob", "said"),
    [
        ("nginx:1.27", "without a tag"),
        ("nginx@sha256:0", "without a tag"),
        ("registry.example.com:5000/app:1", "without a tag"),
        ("https://registry.example.com/app", "scheme"),
        ("a?c", "'*' and '**' alone"),
        ("example/[ab]", "'*' and '**' alone"),
        ("a b", "'*' and '**' alone"),
        ("/app", "'/'"),
        ("app/", "'/'"),
        ("registry.example.com//app", "'/'"),
        ("registry.example.com/", "'/'"),
        ("example/App", "lower case"),
    ],
)
def test_what_is_no_glob_is_told(glob: str, said: str) -> None:
    assert said in problem(glob)


def naive(glob: str, name: str) -> bool:
    """Every way in which the stars can be read, one after the other."""
    if not glob:
        return not name
    if not glob.startswith("*"):
        return name[:1] == glob[0] and naive(glob[1:], name[1:])
    rest = glob.lstrip("*")
    crossing = len(glob) - len(rest) > 1
    for end in range(len(name) + 1):
        if not crossing and "/" in name[:end]:
            return False
        if naive(rest, name[end:]):
            return True
    return False


@given(st.text("ab/*", max_size=9).map(lambda text: f"h.x/{text}"), st.text("ab/", max_size=9))
def test_all_ways_of_reading_the_stars_are_followed(glob: str, name: str) -> None:
    assert compiled(glob).matches(f"h.x/{name}") == naive(glob, f"h.x/{name}")


@given(st.from_regex(r"([a-z]{1,3}(\.[a-z])?(:5)?/)?[a-z]{1,3}(/[a-z]{1,3})?", fullmatch=True))
def test_without_stars_a_glob_is_a_reference(text: str) -> None:
    image = parse(text)
    if isinstance(image, ImageReference) and image.tag is None:
        assert canonical(text) == image.name
        assert matches(text, text)


@given(st.text(max_size=30))
def test_whatever_is_written_is_told_or_compiled(text: str) -> None:
    if text and not problem(text):
        compiled(text).matches("docker.io/library/nginx")


def test_stars_that_could_be_read_in_many_ways_cost_no_more() -> None:
    # Tried one after the other, these would not end before the sun does.
    assert not compiled("**a*" * 200 + "b").matches("docker.io/library/" + "a" * 230)
