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
        ("registry-1.docker.io/library/x", "registry-1.docker.io/library/x:latest"),
        ("Registry.Example.com/x", "Registry.Example.com/x:latest"),
        ("xn--bcher-kva.example/x", "xn--bcher-kva.example/x:latest"),
        ("a:65535/x", "a:65535/x:latest"),
        ("a.b/x:65535", "a.b/x:65535"),
        (f"{HEX}:1", f"docker.io/library/{HEX}:1"),
        ("x:" + "t" * 128, "docker.io/library/x:" + "t" * 128),
        ("example.com/" + "a" * 255, "example.com/" + "a" * 255 + ":latest"),
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
        *("-x", "x-", ".x", "_x", "a/_b", "localhost/X", "a..b/x", "-a.b/x", "x:-1", "x:1:2"),
        *("a:/x", "a:b/x", f"a:{'9' * 20}/x", "[::1%25eth0]:5/x", "[::ffff:1.2.3.4]:1/x", "[]:1/x"),
        *(
            "x:\uff11",
            "x:1\u2028",
            "x\x00",
            "${X}",
            "<image>",
            f"x:@sha256:{HEX}",
            f"@sha256:{HEX}",
        ),
        *(f"x@sha256:{HEX}@sha256:{HEX}", "example.com/" + "a" * 256),
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


@pytest.mark.parametrize(
    "text", ["a!" * 99999, f"x:{'!' * 99999}", f"x@{'y' * 99999}", f"{'!.' * 9999}/x", "A" * 9999]
)
def test_a_long_text_is_not_repeated_in_the_reason(text: str) -> None:
    reference = parse(text)
    assert isinstance(reference, InvalidReference)
    assert len(reference.reason) + len(reference.hint) < 500


@given(st.text("aB0._-/:@[]\n $", max_size=20))
def test_what_is_accepted_means_itself(text: str) -> None:
    reference = parse(text)
    if isinstance(reference, ImageReference):
        again = parse(reference.canonical)
        assert isinstance(again, ImageReference)
        assert again.canonical == reference.canonical
        assert again.name == reference.name
