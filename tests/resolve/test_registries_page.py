"""``docs/registries.md``: every test that it names is there, and was tried on what it says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "registries.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
NAMED = re.findall(r"\| ([a-z ]+) \| `(test_\w+)::(test_\w+)` \|$", PAGE, re.MULTILINE)
FOLDERS = {"real server": "live", "imitation": "resolve", "specification": "resolve"}


@pytest.mark.parametrize(("tried", "module", "test"), NAMED)
def test_a_named_test_is_there(tried: str, module: str, test: str) -> None:
    path = ROOT / "tests" / FOLDERS[tried] / f"{module}.py"
    assert f"\ndef {test}(" in path.read_text(encoding="utf-8")


def test_every_row_names_a_test() -> None:
    assert len(NAMED) == len(ROWS) > 0
