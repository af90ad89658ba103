import pytest
from bench.choice import copied, evenly


@pytest.mark.parametrize(("number", "most"), [(0, 5), (3, 5), (5, 5), (6, 5), (99, 10)])
def test_no_more_are_taken_than_wanted_and_they_are_from_all_over(number, most):
    paths = [f"{index:02}" for index in range(number)]
    taken = evenly(paths, most)
    assert len(taken) == min(number, most) or most / 2 <= len(taken) <= most
    assert taken[:1] == paths[:1]


def test_files_are_copied_with_their_folders(tmp_path):
    for folder in ("a", "b", "c", "d"):
        (tmp_path / "tree" / folder).mkdir(parents=True)
        for name in ("one.yaml", "two.yaml", "three.md"):
            (tmp_path / "tree" / folder / name).write_text(folder)
    paths = copied(tmp_path / "tree", lambda path: path.endswith(".yaml"), 4, tmp_path / "to")
    assert paths == ["a/one.yaml", "a/two.yaml", "c/one.yaml", "c/two.yaml"]
    assert (tmp_path / "to" / "c" / "two.yaml").read_text() == "c"
