"""``docs/references.md``, row by row."""

import re
import subprocess
from pathlib import Path

import pytest
from docker_image.digest import InvalidDigest
from docker_image.reference import InvalidReference as Refused
from docker_image.reference import Reference

from boltseal.reference import ImageReference, InvalidReference, parse
from tests.registry import need_programs

PAGE = Path(__file__).parents[2] / "docs" / "references.md"
HEX = "0123456789abcdef" * 4
_REPEATED = re.compile(r"\{(\w)\*(\d+)\}")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = (
        PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    )
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


def verdict(accepted: bool) -> str:
    return "accepted" if accepted else "refused"


@pytest.mark.parametrize(("text", "now", "_before", "ours"), rows("Where engines differ"))
def test_boltseal_decides_as_the_page_says(text: str, now: str, _before: str, ours: str) -> None:
    accepted = isinstance(parse(written(text)), ImageReference)
    assert ours.partition(":")[0] == verdict(accepted)


@pytest.mark.parametrize(("text", "now", "_before", "_ours"), rows("Where engines differ"))
def test_another_parser_decides_as_the_page_says(
    text: str, now: str, _before: str, _ours: str
) -> None:
    try:
        Reference.parse_normalized_named(written(text))
        accepted = True
    except (InvalidDigest, Refused):
        accepted = False
    assert now.partition(":")[0] == verdict(accepted)


@pytest.mark.registry
@pytest.mark.parametrize(
    ("text", "_now", "before", "_ours"), [row for row in rows("Where engines differ") if row[2]]
)
def test_release_2_8_decided_as_the_page_says(
    text: str, _now: str, before: str, _ours: str
) -> None:
    need_programs()
    version = subprocess.run(["skopeo", "--version"], capture_output=True, text=True, check=True)
    if " 1.9." not in version.stdout:
        pytest.skip("it is skopeo 1.9 that has that release")
    # A name is read before the file that is to hold it, which is not there.
    command = ["skopeo", "inspect", f"docker-archive:/does/not/exist:{written(text)}"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    accepted = "no such file" in said
    assert accepted or "parsing reference" in said
    assert before.partition(":")[0] == verdict(accepted)


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
