import json

import pytest
from bench.plan import PARTS
from bench.results import Measure, Section

from bench import __main__ as command

ARGUMENTS = ["--only", "tree", "--files", "10"]


@pytest.fixture
def figure(monkeypatch):
    """Sets what the only part measures."""
    monkeypatch.delenv("BENCH_TREE", raising=False)

    def set_figure(*values: float) -> None:
        section = Section("tree", (), (Measure("tree: CPU ÷ read", values),))
        monkeypatch.setitem(PARTS, "tree", lambda _: iter([section]))

    set_figure(1.0, 1.1, 1.2)
    return set_figure


def test_results_are_written_and_nothing_is_slower_than_itself(figure, tmp_path, capsys):
    path = tmp_path / "old.json"
    assert command.main([*ARGUMENTS, "--json", str(path)]) == 0
    assert json.loads(path.read_text())["tree"] == "generated, seed 5, 10 files"
    assert command.main([*ARGUMENTS, "--compare", str(path)]) == 0
    assert "nothing got slower" in capsys.readouterr().out


def test_what_got_slower_is_named_and_ends_with_1(figure, tmp_path, capsys):
    path = tmp_path / "old.json"
    command.main([*ARGUMENTS, "--json", str(path)])
    figure(2.0, 2.1, 2.2)
    assert command.main([*ARGUMENTS, "--compare", str(path)]) == 1
    assert "slower: tree: CPU ÷ read: 1.10 x" in capsys.readouterr().out


def test_another_tree_is_not_compared(figure, tmp_path, capsys):
    path = tmp_path / "old.json"
    command.main([*ARGUMENTS, "--json", str(path)])
    assert command.main(["--only", "tree", "--files", "11", "--compare", str(path)]) == 2
    assert "another tree: generated, seed 5, 10 files" in capsys.readouterr().err


def test_a_file_that_holds_no_results_ends_with_2(figure, tmp_path, capsys):
    (tmp_path / "old.json").write_text("{}")
    assert command.main([*ARGUMENTS, "--compare", str(tmp_path / "old.json")]) == 2
    assert "old.json" in capsys.readouterr().err


def test_a_part_that_there_is_not_is_wrong_usage(capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main(["--only", "tree,nonesuch"])
    assert "no such part: nonesuch" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "many", ""])
def test_numbers_are_above_0(number, capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main([f"--rounds={number}"])
    assert "no number above 0" in capsys.readouterr().err


def test_a_tree_that_is_not_there_is_wrong_usage(monkeypatch, capsys):
    monkeypatch.setenv("BENCH_TREE", "nowhere")
    with pytest.raises(SystemExit, match="2"):
        command.main(ARGUMENTS)
    assert "BENCH_TREE names no folder: nowhere" in capsys.readouterr().err


def test_a_tree_that_is_given_is_named(figure, tmp_path, monkeypatch, capsys):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a.yaml").write_text("")
    monkeypatch.setenv("BENCH_TREE", str(tmp_path / "given"))
    assert command.main(ARGUMENTS) == 0
    assert "tree: given, no commit, 1 files" in capsys.readouterr().out
