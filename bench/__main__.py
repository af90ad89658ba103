"""Measure boltseal: ``python -m bench``."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bench import compare, results
from bench.plan import PARTS
from bench.programs import boltseal
from bench.results import Measure, Old, Section, Subject, UnreadableError
from bench.table import show, show_budgets, shown
from bench.testbed import TREE_VARIABLE, Testbed, described, git, machine

_SLOWER, _WRONG = 1, 2
_WIDTH = 160


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen parts. Out: 1 if ``--compare`` found something slower, 2 for wrong usage."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    given = os.environ.get(TREE_VARIABLE)
    if given and not Path(given).is_dir():
        parser.error(f"{TREE_VARIABLE} names no folder: {given}")
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    try:
        old = results.read(chosen.compare) if chosen.compare else None
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return _WRONG
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        bed = _testbed(chosen, Path(scratch), given)
        subject = _subject(bed)
        if old and old.tree != subject.tree:
            print(f"--compare: that was another tree: {old.tree}", file=sys.stderr)
            return _WRONG
        console.print(f"boltseal {subject.boltseal}; {subject.machine}; tree: {subject.tree}\n")
        sections = []
        for section in _measured(bed, chosen.only):
            show(console, section)
            sections.append(section)
            if chosen.json:  # After every part: what is measured is not lost to an interrupt.
                results.write(chosen.json, subject, sections)
    measures = [measure for section in sections for measure in section.measures]
    show_budgets(console, measures)
    return _compared(console, old, measures) if old else 0


def _measured(bed: Testbed, names: Sequence[str]) -> Iterator[Section]:
    for name in names:
        yield from PARTS[name](bed)


def _compared(console: Console, old: Old, measures: Sequence[Measure]) -> int:
    found = list(compare.slower(old, measures))
    for row in found:
        before, now = (" ".join(shown(row.unit, values)) for values in (row.before, row.now))
        console.print(f"slower: {row.name}: {before}, now {now}", highlight=False)
    if not found:
        console.print("nothing got slower")
    return _SLOWER if found else 0


def _testbed(chosen: argparse.Namespace, scratch: Path, given: str | None) -> Testbed:
    return Testbed(
        rounds=chosen.rounds,
        files=chosen.files,
        sizes=chosen.sizes,
        references=chosen.references,
        scratch=scratch,
        given=Path(given).resolve() if given else None,
        say=lambda text: print(text, file=sys.stderr, flush=True),
    )


def _subject(bed: Testbed) -> Subject:
    commit = git(Path(__file__).parent, "describe", "--always", "--dirty") or "no commit"
    version = f"{boltseal(bed.scratch, 'check').version} ({commit})"
    return Subject(version, described(bed), machine())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure what boltseal costs, beside its floors and other programs. "
        f"{TREE_VARIABLE} names a tree to measure in place of a generated one, BENCH_PEERS a "
        "folder of virtual environments with other programs. Nothing is fetched.",
    )
    add = parser.add_argument
    add("--only", type=_parts, default=tuple(PARTS), help=f"parts, of {','.join(PARTS)}")
    add("--rounds", type=_positive, default=5, help="how often each program is run (default 5)")
    add(
        "--files",
        type=_positive,
        default=5000,
        help="in a generated tree (default 5000); sparse: 8 times that",
    )
    sizes, references = (1000, 10_000, 50_000), (1, 10, 100, 500)
    add("--sizes", type=_numbers, default=sizes, help="sizes for growth (1000,10000,50000)")
    add("--references", type=_numbers, default=references, help="for resolve (1,10,100,500)")
    add("--json", type=Path, metavar="FILE", help="write the results")
    add("--compare", type=Path, metavar="FILE", help="say what got slower since these results")
    return parser


def _parts(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(f"no such part: {name}")
    return names


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(_positive(number) for number in text.split(","))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"no number above 0: {text}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
