"""The worked examples of CONTRIBUTING.md work."""

import re
from pathlib import Path
from typing import Any

from boltseal.check import Check
from boltseal.engine import Knowledge, inspect, judge
from boltseal.fixing import fix
from boltseal.resolve.outcome import Resolved
from boltseal.source import Source
from tests.tools import CHECKS, UNPARSABLE, digest

TEXT = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")


def example(name: str) -> Any:
    """What a code block of the page defines under ``name``."""
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        names: dict[str, Any] = {}
        exec(block, names)
        if name in names:
            return names[name]
    raise AssertionError(f"no block defines {name}")


def test_the_place_finds_and_fixes() -> None:
    knowledge = Knowledge((example("PLACE"),), CHECKS, UNPARSABLE)
    found = inspect(knowledge, Source("images.txt", b"nginx:1.27\r\nredis:7\n"))
    assert [use.text for use in found.uses] == ["nginx:1.27", "redis:7"]
    name = "docker.io/library/redis:7"
    after = fix(knowledge, found, {name: Resolved(digest(name), "")})
    assert after.data == f"nginx:1.27\r\nredis:7@{digest(name)}\n".encode()


def test_the_check_judges() -> None:
    check = Check(CHECKS[0].rule, example("judge"))
    knowledge = Knowledge((example("PLACE"),), (check,), UNPARSABLE)
    found = inspect(knowledge, Source("images.txt", b"a:1\nb:1-dev\n"))
    assert [finding.message for finding in judge(knowledge, found)] == ["a development image"]
