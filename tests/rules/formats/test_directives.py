import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal_rules.formats.directives import read


@pytest.mark.parametrize(
    ("data", "escape", "syntax"),
    [
        (b"", "\\", None),
        (b"# escape=`\n", "`", None),
        (b"#escape = ` \r\n", "`", None),
        (b"  # EsCaPe=`\n", "`", None),
        (b"# escape=x\n", "\\", None),
        (b"# syntax=docker/dockerfile:1\n", "\\", b"docker/dockerfile:1"),
        (b"#syntax=docker/dockerfile:1", "\\", b"docker/dockerfile:1"),
        (b"# SYNTAX = a/b:1 more words  \r\n", "\\", b"a/b:1"),
        (b" # syntax=a\n", "\\", None),
        (b"# check=skip=all\n# syntax=a\n# escape=`\n", "`", b"a"),
        (b"# comment\n# syntax=a\n# escape=`\n", "\\", None),
        (b"# other=1\n# syntax=a\n", "\\", None),
        (b"\n# syntax=a\n# escape=`\n", "\\", None),
        (b"FROM x\n# syntax=a\n", "\\", None),
        (b"#!/usr/bin/env docker\n# syntax=a\n# escape=`\n", "\\", b"a"),
        (b"\xef\xbb\xbf# syntax=a\n", "\\", b"a"),
        (b"# syntax=\nFROM x", "\\", None),
        (b"# syntax=a\n# syntax=b\n", "\\", b"a"),
    ],
)
def test_directives(data: bytes, escape: str, syntax: bytes | None) -> None:
    found = read(data)
    assert found.escape == escape
    assert (data[found.syntax.start : found.syntax.end] if found.syntax else None) == syntax


@given(st.binary())
def test_never_raises(data: bytes) -> None:
    read(b"# " + data)
