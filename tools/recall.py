#!/usr/bin/env python3
"""Say which uses the prefilters drop: python -m tools.recall TREE...

Every file that a place claims is read twice, as in a run and with nothing skipped. Exit code 1
where a use is dropped.
"""

import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.unfiltered import compared

from boltseal.discover import Candidate, discover
from boltseal.files import Unreadable, read
from boltseal.intake import MAX_SIZE
from boltseal.source import Source
from boltseal.tree import Trees
from boltseal_rules.knowledge import PLACES

_TOGETHER = 500


def _sources() -> Iterator[Source]:
    """The files of the current directory that a run would look at, and can read."""
    trees = Trees()
    for item in discover(["."], wants=lambda path: any(it.claims(path) for it in PLACES)):
        if isinstance(item, Candidate):
            try:
                data = read(item.path, MAX_SIZE, follow=item.link)
            except Unreadable:
                continue
            yield Source(item.path, data, trees.of(item.path))


def _row(tree: str) -> int:
    """Print the counts of one tree, and what is dropped in it; returns how many uses that are."""
    files = uses = dropped = 0
    sources = _sources()
    while some := list(islice(sources, _TOGETHER)):
        found = compared(PLACES, some)
        files, uses, dropped = files + len(some), uses + found.uses, dropped + len(found.dropped)
        for use in found.dropped:
            print(f"    {use.path}: {use.place} {use.route} {use.text!r}", flush=True)
    print(f"{tree:40} {files:8} {uses:8} {dropped:8}", flush=True)
    return dropped


def main() -> int:
    """Compare in each tree that is named; returns the exit code."""
    print(f"{'tree':40} {'files':>8} {'uses':>8} {'dropped':>8}")
    home, dropped = Path.cwd(), 0
    for tree in map(home.joinpath, sys.argv[1:] or ["."]):
        os.chdir(tree)
        dropped += _row(tree.resolve().name)
    return 1 if dropped else 0


if __name__ == "__main__":
    sys.exit(main())
