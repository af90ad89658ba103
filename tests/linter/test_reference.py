"""The grammar of references: rows of what engines accept, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.reference import ImageReference, InvalidReference, parse

HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("index.docker.io/nginx", "docker.io/library/nginx:latest"),
        ("acme/app", "docker.io/acme/app:latest"),
        ("localhost/app", "localhost/app:latest"),
        ("localhost:5000", "docker.io/library/localhost:5000"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("192.168.1.1:5000", "docker.io/library/192.168.1.1:5000"),
        ("example.com", "docker.io/library/example.com:latest"),
        ("registry-1.docker.io/a/b:1", "registry-1.docker.io/a/b:1"),
        ("[::1]:5000/x", "[::1]:5000/x:latest"),
        ("a__b/c---d.e:T_1.-", "docker.io/a__b/c---d.e:T_1.-"),
        (f"x@sha256:{HEX}", f"docker.io/library/x@sha256:{HEX}"),
        (f"x:1@sha256:{HEX}", f"docker.io/library/x:1@sha256:{HEX}"),
        (f"docker.io/{HEX}", f"docker.io/library/{HEX}:latest"),
        (f"x@sha512:{HEX}{HEX}", f"docker.io/library/x@sha512:{HEX}{HEX}"),
    ],
)
def test_a_reference_means_what_engines_take_it_for(text: str, canonical: str) -> None:
    reference = parse(text)
    assert isinstance(reference, ImageReference)
    assert reference.canonical == canonical
    assert reference.original == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "x:", ":1", "a//b", "a/", "/a", "b___c", "b.-c", "Foo", "a/Foo", "Docker/docker"),
        *("a_b.com/x", "http://x/y", "user@host/x", "x?y", "x#y", "../x", "a b", "a\u00a0b"),
        *("h.io:0/x", "h.io:99999/x", "[::1]/x:-", "x:.t", f"x:{'t' * 129}", "é", "x\n", "x:1\n"),
        *(HEX, f"x@sha256:{HEX.upper()}", "x@sha256:abc", "x@md5:" + "a" * 32, "x@", "a" * 256),
    ],
)
def test_other_text_is_refused_with_a_reason(text: str) -> None:
    reference = parse(text)
    assert isinstance(reference, InvalidReference)
    assert reference.reason
    assert reference.hint


@given(st.text())
def test_anything_can_be_asked(text: str) -> None:
    assert parse(text).original == text


@given(
    st.from_regex(
        r"([a-z0-9]{1,5}\.[a-z]{2,3}(:[1-9][0-9]{0,3})?/)?[a-z0-9]{1,6}(/[a-z0-9]{1,4}){0,2}(:\w{1,8})?",
        fullmatch=True,
    )
)
def test_the_canonical_form_means_itself(text: str) -> None:
    reference = parse(text)
    if isinstance(reference, InvalidReference):
        return
    again = parse(reference.canonical)
    assert isinstance(again, ImageReference)
    assert again.canonical == reference.canonical
