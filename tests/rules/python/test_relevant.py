"""What the slow parser is given of a module: the same bytes, less what can hold no image."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boltseal_rules.python.relevant import relevant

NEEDLES = (b"image",)


def left(text: str) -> str:
    return relevant(text, ast.parse(text), NEEDLES)


def test_a_function_without_a_needle_is_blank_and_nothing_moves() -> None:
    text = "x = 1\n@d\ndef é():\r\n    return 2\nimage = 'é'\n"
    assert left(text) == "x = 1\n  \n         \r\n            \nimage = 'é'\n"


def test_a_function_with_a_needle_stays_whole() -> None:
    text = "def f():\n    a = 1\n    return image\n"
    assert left(text) == text


def test_methods_go_and_the_first_statement_of_a_class_stays() -> None:
    text = "class A:\n    def f(self): ...\n    def g(self): ...\n    image = 1\n"
    assert left(text) == text.replace("    def g(self): ...", " " * 20)


@pytest.mark.parametrize(
    "text", ["x = 1; y = 2\n", "def f(): ...; x = 1\n", "if a:\n    def f(): ...\n"]
)
def test_what_shares_a_line_or_stands_in_a_block_stays(text: str) -> None:
    kept = left(text)
    ast.parse(kept)
    assert len(kept.encode()) == len(text.encode())


LINES = st.lists(
    st.sampled_from(
        [
            *("x = 1", "image = f()", "# é", "def f():\n    é = 2", "@d\nasync def h(): 'é'"),
            "class A:\n    image = 3\n    def g(self):\n        pass",
            "'''\ndef no(): image\n'''",
        ]
    ),
    max_size=8,
)


@settings(deadline=None)
@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_what_is_left_is_a_module_of_the_same_length(lines: list[str], end: str) -> None:
    text = "\n".join(lines).replace("\n", end) + end
    kept = left(text)
    ast.parse(kept)
    assert len(kept.encode()) == len(text.encode())
    assert all(new in (old, 32) for old, new in zip(text.encode(), kept.encode(), strict=True))
    assert kept.count("image") == text.count("image")
