"""Diffs: no line is shown that has not changed, and git applies them."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal.report.diff import unified

LINES = st.lists(st.sampled_from([b"a", b"b\r", b"", b"\x0c"]), min_size=1, max_size=40)


def test_no_change_is_no_diff() -> None:
    assert list(unified("f", b"a\nb", b"a\nb")) == []


@given(LINES, st.data())
def test_only_changed_lines_are_marked(lines: list[bytes], draw: st.DataObject) -> None:
    changed = draw.draw(st.sets(st.integers(0, len(lines) - 1)))
    new = [line + b"!" if index in changed else line for index, line in enumerate(lines)]
    before, after = (b"\n".join([*part, b""]) for part in (lines, new))
    shown = list(unified("f", before, after))
    assert sum(line.startswith(b"+") for line in shown[2:]) == len(changed)
    assert sum(line.startswith(b"-") for line in shown[2:]) == len(changed)


@pytest.mark.parametrize("end", [b"\n", b"", b"\r\n"])
@pytest.mark.parametrize("name", ["f", "a file", "d/é"])
def test_git_applies_it(tmp_path: Path, name: str, end: bytes) -> None:
    old = [b"line %d" % index for index in range(40)]
    new = [line + b"!" if index in (0, 1, 9, 20, 39) else line for index, line in enumerate(old)]
    before, after = (b"\n".join(lines) + end for lines in (old, new))
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(before)
    diff = b"".join(unified(name, before, after))
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff, check=True)
    assert path.read_bytes() == after
