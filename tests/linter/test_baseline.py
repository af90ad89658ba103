"""What is known is accepted, what is new is not, and a baseline never grows."""

import json
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boltseal import baseline
from boltseal.baseline import Baseline, Seen
from boltseal.engine import judge
from boltseal.errors import UsageError
from boltseal.finding import Finding, Origin, Severity, Suppression
from boltseal.source import Source, Span
from tests.tools import KNOWLEDGE, inspected

FILE = "known.json"
RULES = frozenset({"mutable-tag", "implicit-latest", "unparsable-file"})


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def found(path: str, *images: str) -> list[Finding]:
    text = "".join(f"FROM {image}\n" for image in images)
    return list(judge(KNOWLEDGE, inspected(path, text)))


def put(path: str, *images: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("".join(f"FROM {image}\n" for image in images))


def run(known: Baseline, **files: list[Finding]) -> tuple[list[str], list[Seen]]:
    """What is reported of files, and what was seen in them."""
    reported: list[str] = []
    run: list[Seen] = []
    for path, findings in files.items():
        one = known.of(path)
        marked = list(one.mark(findings))
        reported += [it.use.text if it.use else it.message for it in marked if not it.suppression]
        run.append(baseline.seen(one.path, marked, whole=True))
    return reported, run


def created(**files: list[Finding]) -> Baseline:
    baseline.create(FILE, [baseline.seen(p, found, whole=True) for p, found in files.items()])
    return baseline.load(FILE)


def lines() -> list[str]:
    return Path(FILE).read_text().splitlines()


# Comparing


def test_what_is_known_is_not_reported() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1", "b:1", "c"))
    assert run(known, Dockerfile=found("Dockerfile", "a:1", "b:1", "c"))[0] == []


def test_an_accepted_finding_says_which_baseline_has_it() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1"))
    marked = next(known.of("Dockerfile").mark(found("Dockerfile", "a:1")))
    assert marked.suppression == Suppression(Origin.BASELINE, where=FILE)


def test_moving_lines_changes_nothing() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1", "b:1"))
    assert run(known, Dockerfile=found("Dockerfile", "scratch", "b:1", "a:1"))[0] == []


def test_a_new_reference_is_reported_and_so_is_a_new_tag_of_a_known_one() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1"))
    assert run(known, Dockerfile=found("Dockerfile", "a:1", "b:1"))[0] == ["b:1"]
    assert run(known, Dockerfile=found("Dockerfile", "a:2"))[0] == ["a:2"]


def test_a_new_default_of_a_variable_is_a_new_finding() -> None:
    text = "ARG TAG={}\nFROM a:$TAG\n"
    old = list(judge(KNOWLEDGE, inspected("Dockerfile", text.format(1))))
    new = list(judge(KNOWLEDGE, inspected("Dockerfile", text.format(2))))
    known = created(Dockerfile=old)
    assert run(known, Dockerfile=old)[0] == []
    assert run(known, Dockerfile=new)[0] == ["a:$TAG"]


def test_the_same_in_another_file_is_new() -> None:
    known = created(a=found("Dockerfile", "a:1"))
    assert run(known, b=found("Dockerfile", "a:1"))[0] == ["a:1"]


def test_of_more_alike_findings_than_are_known_the_surplus_is_reported() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1", "a:1"))
    assert run(known, Dockerfile=found("Dockerfile", "a:1", "a:1", "a:1"))[0] == ["a:1"]


def test_what_a_comment_accepts_uses_up_nothing() -> None:
    commented = Suppression(Origin.COMMENT, "why")
    first, second = found("Dockerfile", "a:1", "a:1")
    known = created(Dockerfile=[first._replace(suppression=commented), second])
    assert list(known.known["Dockerfile"].values()) == [1]
    marked = list(known.of("Dockerfile").mark([first._replace(suppression=commented), second]))
    assert marked[0].suppression == commented
    assert marked[1].suppression == Suppression(Origin.BASELINE, where=FILE)


def test_a_finding_about_a_file_is_known_by_its_message() -> None:
    broken = Finding("unparsable-file", Severity.ERROR, "m", "h", Source("f", b""), Span(0, 0))
    known = created(f=[broken])
    assert json.loads(Path(FILE).read_text())["findings"] == [
        {"path": "f", "rule": "unparsable-file", "message": "m", "count": 1}
    ]
    assert run(known, f=[broken])[0] == []
    assert run(known, f=[broken._replace(message="n")])[0] == ["n"]


def test_it_works_from_any_folder_and_by_any_way_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("deep/er/Dockerfile", "a:1")
    Path("link").symlink_to("deep", target_is_directory=True)
    created(**{"deep/er/Dockerfile": found("Dockerfile", "a:1")})
    for folder, file, path in (
        (".", FILE, "deep/er/Dockerfile"),
        ("deep", f"../{FILE}", "er/Dockerfile"),
        ("deep/er", str(tmp_path / FILE), "../er/./Dockerfile"),
        ("/", str(tmp_path / FILE), str(tmp_path / "deep" / "er" / "Dockerfile")),
        (".", f"deep/../{FILE}", "link/er/Dockerfile"),
    ):
        monkeypatch.chdir(tmp_path / folder)
        assert baseline.load(file).of(path).counts, folder


def test_a_link_to_a_file_stands_where_it_stands() -> None:
    put("Dockerfile", "a:1")
    Path("link").symlink_to("Dockerfile")
    known = created(Dockerfile=found("Dockerfile", "a:1"))
    assert known.of("Dockerfile").counts
    assert not known.of("link").counts


def test_paths_outside_the_folder_of_the_baseline_and_hard_names_are_kept() -> None:
    Path("sub").mkdir()
    os.chdir("sub")
    names = ["../a", "ä b\n'\"", "\udcff", "\u202e"]
    known = created(**{name: found("Dockerfile", "a:1") for name in names})
    assert sorted(known.known) == sorted(names)
    assert all(known.of(name).counts for name in names)
    assert Path(FILE).read_bytes().isascii()


# What is gone


def test_what_was_mended_is_gone() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1", "b:1", "b:1"))
    seen = run(known, Dockerfile=found("Dockerfile", "b:1"))[1]
    lost = baseline.gone(known, seen, RULES)
    assert sorted((it.text, count) for it, count in lost.known["Dockerfile"].items()) == [
        ("a:1", 1),
        ("b:1", 1),
    ]
    assert baseline.gone_line(lost) == (
        "2 known findings are gone from the tree and still in known.json; drop them with "
        "'boltseal check --baseline known.json --shrink-baseline'"
    )


def test_one_that_is_gone_is_one() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1"))
    lost = baseline.gone(known, run(known, Dockerfile=found("Dockerfile"))[1], RULES)
    assert baseline.gone_line(lost).startswith("1 known finding is gone from the tree")
    assert "; drop it with 'boltseal" in baseline.gone_line(lost)


def test_nothing_is_said_where_nothing_is_gone() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1"))
    lost = baseline.gone(known, run(known, Dockerfile=found("Dockerfile", "a:1"))[1], RULES)
    assert not lost.known
    assert not baseline.gone_line(lost)


def test_files_that_were_not_looked_at_are_gone_only_if_they_are_no_more() -> None:
    put("there", "a:1")
    Path("dangling").symlink_to("nowhere")
    one = found("Dockerfile", "a:1")
    known = created(there=one, dangling=one, missing=one)
    assert list(baseline.gone(known, [], RULES).known) == ["missing"]


def test_entries_of_rules_that_were_not_asked_are_not_gone() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1", "b"))
    seen = run(known, Dockerfile=[])[1]
    lost = baseline.gone(known, seen, {"implicit-latest"})
    assert [it.rule for it in lost.known["Dockerfile"]] == ["implicit-latest"]


def test_nothing_is_gone_from_a_file_that_was_read_in_part() -> None:
    known = created(Dockerfile=found("Dockerfile", "a:1"))
    assert not baseline.gone(known, [Seen("Dockerfile", {}, whole=False)], RULES).known


def test_shrinking_drops_what_is_gone_and_nothing_else() -> None:
    known = created(a=found("Dockerfile", "a:1", "a:1", "b:1"), b=found("Dockerfile", "c:1"))
    before = lines()
    seen = run(known, a=found("Dockerfile", "new:1", "a:1"), b=found("Dockerfile", "c:1"))[1]
    lost = baseline.gone(known, seen, RULES)
    baseline.shrink(known, lost)
    assert lines() == [
        before[0],
        before[1].replace('"count": 2', '"count": 1'),
        before[3],
        before[4],
    ]
    again = baseline.load(FILE)
    assert not baseline.gone(again, seen, RULES).known


def test_shrinking_where_nothing_is_gone_leaves_the_file_as_it_is() -> None:
    known = created(a=found("Dockerfile", "a:1"))
    Path(FILE).write_text("changed meanwhile")
    baseline.shrink(known, baseline.gone(known, run(known, a=found("Dockerfile", "a:1"))[1], RULES))
    assert lines() == ["changed meanwhile"]


def test_a_file_that_changed_meanwhile_is_not_overwritten() -> None:
    known = created(a=found("Dockerfile", "a:1"))
    Path(FILE).write_text("changed meanwhile")
    with pytest.raises(UsageError, match=r"^known\.json: not written: changed since it was read$"):
        baseline.shrink(known, baseline.gone(known, [Seen("a", {})], RULES))
    assert lines() == ["changed meanwhile"]


IMAGES = st.lists(st.sampled_from(["a:1", "a:2", "b", "c:1"]), max_size=6)
TREE = st.fixed_dictionaries({"x": IMAGES, "y": IMAGES})


def findings(tree: dict[str, list[str]]) -> dict[str, list[Finding]]:
    return {path: found("Dockerfile", *images) for path, images in tree.items()}


def entries(known: Baseline) -> dict[tuple[str, object], int]:
    return {(path, it): n for path, counts in known.known.items() for it, n in counts.items()}


@given(TREE, TREE)
def test_whatever_changes_a_baseline_only_shrinks_and_tells_what_is_new(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    Path(FILE).unlink(missing_ok=True)
    known = created(**findings(before))
    assert run(known, **findings(before))[0] == []
    reported, seen = run(known, **findings(after))
    assert len(reported) == sum(
        max(0, images.count(image) - before[path].count(image))
        for path, images in after.items()
        for image in set(images)
    )
    baseline.shrink(known, baseline.gone(known, seen, RULES))
    once = Path(FILE).read_bytes()
    smaller = baseline.load(FILE)
    assert all(n <= entries(known)[key] for key, n in entries(smaller).items())
    assert run(smaller, **findings(after))[0] == reported
    baseline.shrink(smaller, baseline.gone(smaller, run(smaller, **findings(after))[1], RULES))
    assert Path(FILE).read_bytes() == once


# The file


def test_the_file_has_an_entry_a_line_sorted() -> None:
    created(b=found("Dockerfile", "z:1", "a:1", "z:1"), a=found("Dockerfile", "c"))
    assert lines() == [
        '{"version": 1, "findings": [',
        '{"path": "a", "rule": "implicit-latest", "reference": "c", "count": 1},',
        '{"path": "b", "rule": "mutable-tag", "reference": "a:1", "count": 1},',
        '{"path": "b", "rule": "mutable-tag", "reference": "z:1", "count": 2}',
        "]}",
    ]


def test_a_tree_without_findings_has_an_empty_baseline() -> None:
    known = created(a=[])
    assert not known.known
    assert run(known, a=found("Dockerfile", "a:1"))[0] == ["a:1"]


def test_a_missing_file_is_never_taken_for_an_empty_one() -> None:
    with pytest.raises(
        UsageError, match=r"^'no here\.json': no such baseline; .*--create-baseline"
    ):
        baseline.load("no here.json")


def test_a_baseline_is_not_written_over() -> None:
    created(a=found("Dockerfile", "a:1"))
    before = lines()
    for refused in (baseline.refuse_existing, lambda path: baseline.create(path, [])):
        with pytest.raises(UsageError, match="may only shrink"):
            refused(FILE)
    assert lines() == before


def test_a_baseline_that_cannot_be_written_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"^no/known\.json: not written: its folder"):
        baseline.create("no/known.json", [])


@pytest.mark.parametrize("numbers", [(2, 1), (1, 2)])
def test_what_stays_after_a_merge_of_both_sides_is_the_smaller_count(
    numbers: tuple[int, int],
) -> None:
    row = {"path": "a", "rule": "mutable-tag", "reference": "a:1"}
    rows = [{**row, "count": count} for count in numbers]
    Path(FILE).write_text(json.dumps({"version": 1, "findings": rows}))
    assert run(baseline.load(FILE), a=found("Dockerfile", "a:1", "a:1"))[0] == ["a:1"]


def _entry(**more: object) -> bytes:
    row = {"path": "a", "rule": "r", "reference": "x", "count": 1, **more}
    return json.dumps({"version": 1, "findings": [row]}).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"1" * 10_000, "not JSON"),
        (b'{"version": 1,\n<<<<<<< HEAD\n', "a merge was left unfinished"),
        (b"[]", "not a baseline of version 1"),
        (b'{"version": 2, "findings": []}', "not a baseline of version 1"),
        (b'{"version": true, "findings": []}', "not a baseline of version 1"),
        (b'{"version": 1}', "'findings', a list"),
        (b'{"version": 1, "findings": {}}', "'findings', a list"),
        (b'{"version": 1, "findings": [], "more": 1}', "'findings', a list"),
        (b'{"version": 1, "findings": [1]}', "entry 1 needs"),
        (_entry(line=1), "entry 1 needs"),
        (_entry(message="m"), "entry 1 needs"),
        (_entry(path=1), "entry 1: 'path'"),
        (_entry(reference=None), "entry 1: 'path'"),
        (_entry(count=0), "entry 1: 'count'"),
        (_entry(count=True), "entry 1: 'count'"),
        (_entry(count=1.5), "entry 1: 'count'"),
        (_entry(count=10**10), "entry 1: 'count'"),
    ],
    ids=str,
)
def test_a_broken_file_is_one_clear_line(data: bytes, message: str) -> None:
    Path(FILE).write_bytes(data)
    with pytest.raises(UsageError) as raised:
        baseline.load(FILE)
    assert str(raised.value).startswith(f"{FILE}: ")
    assert message in str(raised.value)
    assert str(raised.value).isprintable()


def test_a_huge_file_and_what_is_no_file_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "_MAX_SIZE", 100)
    Path(FILE).write_bytes(b" " * 101)
    with pytest.raises(UsageError, match="larger than 100 bytes"):
        baseline.load(FILE)
    with pytest.raises(UsageError, match="not a regular file"):
        baseline.load(".")
    with pytest.raises(UsageError, match="would be larger"):
        baseline.create(
            "new.json", [baseline.seen("a", found("Dockerfile", "a:1", "b:1"), whole=True)]
        )
    assert not Path("new.json").exists()


def test_what_a_worker_sends_back_can_be_pickled() -> None:
    one = baseline.seen("a", found("Dockerfile", "a:1"), whole=True)
    assert pickle.loads(pickle.dumps(one)) == one
