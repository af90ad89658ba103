import json
from pathlib import Path

import pytest
from bench.contest import Contender, Entry
from bench.process import Command, Cost
from bench.results import Measure, Section, Subject, UnreadableError
from bench.spread import Spread

from bench import results

SUBJECT = Subject("1.2.3 (abc)", "a tree", "a machine")
ENTRY = Entry(
    Contender("a", Command(("a",), Path()), "does a", "9.9"), (Cost(0.5, 0.7, 1024),), 1, 3
)
SECTION = Section(
    "part",
    (ENTRY,),
    (Measure("tree: CPU ÷ read", (2.0, 3.0, 4.0)), Measure("seconds", (1.0,), "s", compared=False)),
)


def test_what_was_written_is_read_again(tmp_path):
    results.write(tmp_path / "new.json", SUBJECT, [SECTION])
    old = results.read(tmp_path / "new.json")
    assert old == ("a tree", {"tree: CPU ÷ read": Spread(3.0, 2.5, 3.5)})


def test_every_run_of_every_program_is_written(tmp_path):
    results.write(tmp_path / "new.json", SUBJECT, [SECTION])
    document = json.loads((tmp_path / "new.json").read_text())
    assert document["boltseal"] == "1.2.3 (abc)"
    assert document["programs"] == [
        {
            "section": "part",
            "name": "a",
            "version": "9.9",
            "about": "does a",
            "exit": 1,
            "findings": 3,
            "runs": [{"cpu": 0.5, "wall": 0.7, "memory": 1024}],
        }
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"form": 0}', '{"form": 1, "measures": 5}'])
def test_what_is_not_of_the_bench_is_refused(tmp_path, text):
    (tmp_path / "old.json").write_text(text)
    with pytest.raises(UnreadableError, match=r"old\.json"):
        results.read(tmp_path / "old.json")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableError):
        results.read(tmp_path / "none.json")
