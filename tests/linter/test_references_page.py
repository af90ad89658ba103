"""``docs/references.md``, row by row."""

import re
from pathlib import Path

import pytest

from boltseal.reference import ImageReference, InvalidReference, parse

PAGE = Path(__file__).parents[2] / "docs" / "references.md"
HEX = "0123456789abcdef" * 4
_REPEATED = re.compile(r"\{(\w)\*(\d+)\}")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    assert lines[2:], heading
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def written(cell: str) -> str:
    """What a code span of the page stands for."""
    text = cell.strip("`").replace("{hex}", HEX).replace("{HEX}", HEX.upper())
    return _REPEATED.sub(lambda match: match[1] * int(match[2]), text)


@pytest.mark.parametrize(("text", "meant"), rows("What is accepted"))
def test_a_reference_means_what_the_page_says(text: str, meant: str) -> None:
    reference = parse(written(text))
    assert isinstance(reference, ImageReference), reference
    assert reference.canonical == written(meant)
    assert reference.original == written(text)


@pytest.mark.parametrize(("text", "reason"), rows("What is refused"))
def test_other_text_is_refused_for_the_reason_on_the_page(text: str, reason: str) -> None:
    reference = parse(written(text))
    assert isinstance(reference, InvalidReference), reference
    assert reference.reason.endswith(reason)
    assert reference.hint


@pytest.mark.parametrize(("text", "_package", "ours"), rows("Where engines differ"))
def test_boltseal_decides_as_the_page_says(text: str, _package: str, ours: str) -> None:
    accepted = isinstance(parse(written(text)), ImageReference)
    assert ours.partition(":")[0] == ("accepted" if accepted else "refused")


@pytest.mark.parametrize(
    "space", [" ", "\t", "\n", "\r\n", "\x0b", "\x85", "\u00a0", "\u2028", "\u3000", "\ufeff"]
)
@pytest.mark.parametrize(
    "text", ["{}app", "app{}", "app:1{}", "app:{}1", "r.example/{}app", f"app@sha256:{HEX}{{}}"]
)
def test_white_space_is_never_cut_off(text: str, space: str) -> None:
    assert isinstance(parse(text.format(space)), InvalidReference)


@pytest.mark.parametrize("letter", ["\u0661", "\uff11", "\u0430", "\u00e9", "\u212a", "\u0131"])
@pytest.mark.parametrize(
    "text", ["a{}", "a:{}", "a:1{}", "a{}.example/x", "a.example:1{}/x", f"a@sha256:{HEX[:-1]}{{}}"]
)
def test_letters_and_digits_are_those_of_ascii(text: str, letter: str) -> None:
    assert isinstance(parse(text.format(letter)), InvalidReference)
