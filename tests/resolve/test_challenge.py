import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal.resolve.challenge import Challenge, challenges

TOKEN = st.text(string.ascii_letters + string.digits + "!#$%&'*+.^_`|~-", min_size=1, max_size=12)
VALUE = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20)


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], []),
        ([""], []),
        (
            ['Bearer realm="https://a.example/t",service="s,1",scope="repository:a/b:pull,push"'],
            [
                (
                    "bearer",
                    {
                        "realm": "https://a.example/t",
                        "service": "s,1",
                        "scope": "repository:a/b:pull,push",
                    },
                )
            ],
        ),
        (
            ['Negotiate, Basic realm="a, b", Bearer realm=x , service = "y"'],
            [
                ("negotiate", {}),
                ("basic", {"realm": "a, b"}),
                ("bearer", {"realm": "x", "service": "y"}),
            ],
        ),
        (
            ["Basic realm=a", "BEARER Realm=b"],
            [("basic", {"realm": "a"}), ("bearer", {"realm": "b"})],
        ),
        (["Negotiate YWJj==, Basic realm=a"], [("negotiate", {}), ("basic", {"realm": "a"})]),
        ([r'Basic realm="say \"hi\", \\ok"'], [("basic", {"realm": r'say "hi", \ok'})]),
        ([", ,Basic realm=a,, ,x=1,"], [("basic", {"realm": "a", "x": "1"})]),
        (["Basic realm=a, realm=b"], [("basic", {"realm": "a"})]),
        (['Bearer realm="never closed, service=x'], [("bearer", {})]),
        (['"quoted", Basic'], [("basic", {})]),
    ],
)
def test_headers_are_read(headers: list[str], expected: list[tuple[str, dict[str, str]]]) -> None:
    assert challenges(headers) == [Challenge(*challenge) for challenge in expected]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(TOKEN, st.dictionaries(TOKEN.map(str.lower), VALUE, max_size=4)), max_size=4
    ),
    st.booleans(),
)
def test_what_is_written_is_read_back(
    written: list[tuple[str, dict[str, str]]], in_one_header: bool
) -> None:
    texts = [
        f"{scheme} " + ", ".join(f"{name}={quoted(value)}" for name, value in parameters.items())
        for scheme, parameters in written
    ]
    headers = [", ".join(texts)] if in_one_header else texts
    assert challenges(headers) == [
        Challenge(scheme.lower(), parameters) for scheme, parameters in written
    ]


@settings(deadline=None)
@given(st.lists(st.text() | st.text('"\\,= \tab', max_size=60), max_size=3))
def test_no_header_is_too_broken(headers: list[str]) -> None:
    for challenge in challenges(headers):
        assert challenge.scheme == challenge.scheme.lower() != ""


@pytest.mark.parametrize("part", ['"', '\\"', '"\\', ",", "a=", 'a="x",', "a ", "=", '"a" '])
def test_long_headers_are_read_in_no_time(part: str) -> None:
    challenges([part * 50_000])
