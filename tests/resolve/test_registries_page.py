"""``docs/registries.md``: every test that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(test_\w+)::(test_\w+)`", (ROOT / "docs" / "registries.md").read_text())


@pytest.mark.parametrize(("module", "test"), NAMED)
def test_a_named_test_is_there(module: str, test: str) -> None:
    files = [ROOT / "tests" / folder / f"{module}.py" for folder in ("resolve", "live")]
    sources = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    assert any(f"\ndef {test}(" in source for source in sources)


def test_every_row_names_a_test() -> None:
    page = (ROOT / "docs" / "registries.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")][2:]
    assert len(NAMED) == len(rows) > 0
