"""Folders above a file, up to the root of its tree."""

import pytest

from boltseal_rules.folders import upwards


@pytest.mark.parametrize(
    ("folder", "root", "expected"),
    [
        ("a/b", ".", ["a/b", "a", "."]),
        ("", ".", ["."]),
        ("a/./b/", "a", ["a/b", "a"]),
        ("a", "../..", ["a", ".", "..", "../.."]),
        ("/x/y", "/x", ["/x/y", "/x"]),
        ("/x", "/elsewhere", ["/x", "/"]),
    ],
)
def test_the_nearest_comes_first_and_the_root_last(
    folder: str, root: str, expected: list[str]
) -> None:
    assert list(upwards(folder, root)) == expected


def test_no_end_is_no_reason_to_go_on() -> None:
    assert len(list(upwards("a", "../../b"))) == 64
