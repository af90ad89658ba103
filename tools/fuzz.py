#!/usr/bin/env python3
"""Feed damaged files to every place and say where one misbehaves: python -m tools.fuzz --seconds 60.

No exception may escape, a second fix must change nothing, nothing but digests may come into a file,
and time is bounded. Inputs that break this are kept, cut down to what matters. Exit code 1 then.
"""

import argparse
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.tools import KNOWLEDGE, MemoryTree, digest
from tools.mutations import mutated, words

from boltseal.engine import Task, inspect, judge
from boltseal.fixing import fix
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.source import Source
from boltseal_rules.knowledge import guides

GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "before"
SLOW = 2.0
"""Seconds of processor time beyond which an input is a failure."""
_MEMORY = 3 * 1024**3
# What a fix adds or takes away: a digest and its key, quotes, blanks, what stands for nothing.
_ADDED = re.compile(
    rb"(?::latest)?@?(?:sha256:)?[0-9a-f]{64}|(?<=[\s,{])digest:|[\s\"'~,]|null|Null|NULL"
)
# What differs between two inputs with the same fault.
_VARYING = re.compile(r"['\"].*['\"]|^[^ ]+: |\d+", re.DOTALL)


class Seed(NamedTuple):
    """A file that is as it should be, and the files around it."""

    path: str
    data: bytes
    around: tuple[tuple[str, bytes], ...] = ()


class Wrong(Exception):
    """What must not be, in words."""


class TooSlow(Exception):
    """The time of one input is up."""


def seeds() -> dict[str, list[Seed]]:
    """For each place and kind its examples, and the golden files in which it finds something."""
    found = {
        name: [Seed(example.path, example.text.encode()) for example in guide.examples]
        for name, guide in guides()
    }
    golden = {str(p.relative_to(GOLDEN)): p.read_bytes() for p in GOLDEN.rglob("*") if p.is_file()}
    for path, data in golden.items():
        folder = path.partition("/")[0]
        around = {name: text for name, text in golden.items() if name.startswith(f"{folder}/")}
        seed = Seed(path, data, tuple(around.items()))
        for place in {use.place for use in inspect(KNOWLEDGE, _source(seed)).uses}:
            found[place].append(seed)
    return found


def _source(seed: Seed) -> Source:
    return Source(seed.path, seed.data, MemoryTree(dict(seed.around) | {seed.path: seed.data}))


def examine(seed: Seed, *, explicit: bool, unsafe: bool) -> int:
    """Read, judge and fix a file twice; returns how many uses were sealed. Raises Wrong."""
    source = _source(seed)
    before = inspect(KNOWLEDGE, source, explicit=explicit)
    list(judge(KNOWLEDGE, before))
    for use in before.uses:
        if not 0 <= use.span.start <= use.span.end <= len(seed.data):
            raise Wrong(f"a span outside of the file: {use.span}")
    answers: dict[str, Outcome] = {
        use.image.canonical: Resolved(digest(use.image.canonical), "")
        for use in before.uses
        if use.image
    }
    task = Task(unsafe=unsafe)
    once = fix(KNOWLEDGE, before, answers, task)
    if not once.sealed:
        if once.data != seed.data:
            raise Wrong("bytes change without a fix")
        return 0
    if _ADDED.sub(b"", once.data) != _ADDED.sub(b"", seed.data):
        raise Wrong("a fix changes more than digests")
    after = inspect(KNOWLEDGE, Source(seed.path, once.data, source.tree), explicit=explicit)
    if fix(KNOWLEDGE, after, answers, task).data != once.data:
        raise Wrong("a second fix changes something")
    return len(once.sealed)


def trouble(seed: Seed, *, explicit: bool, unsafe: bool) -> str | None:
    """What is wrong with how a file is handled, in a line that is the same for the same fault."""
    signal.setitimer(signal.ITIMER_PROF, SLOW)
    try:
        examine(seed, explicit=explicit, unsafe=unsafe)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return _fault(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _fault(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "boltseal" in Path(frame.filename).as_posix()]
    if isinstance(error, TooSlow):  # where it is cut off is chance, the place is not
        own = [frame for frame in own if "/places/" in frame.filename] or own
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    said = _VARYING.sub("…", str(error))[:90]
    return f"{type(error).__name__} at {where}: {said}"


def cut_down(seed: Seed, still: Callable[[Seed], bool], seconds: float = 20.0) -> Seed:
    """The seed with whatever left out that is not needed for ``still`` to hold."""
    end = time.monotonic() + seconds
    size = len(seed.data) // 2
    while size and time.monotonic() < end:
        at = 0
        while at < len(seed.data) and time.monotonic() < end:
            less = seed._replace(data=seed.data[:at] + seed.data[at + size :])
            if still(less):
                seed = less
            else:
                at += size
        size //= 2
    return seed


class Campaign:
    """Inputs for one place until time or count is up; what is wrong is kept in a folder."""

    def __init__(self, name: str, seeds: list[Seed], random: Random, keep: Path) -> None:
        self.name = name
        self.seeds = seeds
        self.random = random
        self.keep = keep
        self.inputs = 0
        self.slowest = 0.0
        self.faults: Counter[str] = Counter()
        self._words = words(name)

    def run(self, seconds: float, count: int) -> None:
        """Try inputs until ``seconds`` are over or ``count`` were tried."""
        end = time.monotonic() + seconds
        while self.inputs < count and time.monotonic() < end:
            self._try(self._input())

    def _input(self) -> Seed:
        seed = self.random.choice(self.seeds)
        others = [other.data for other in self.seeds]
        if seed.around and self.random.random() < 0.2:
            path, data = self.random.choice(seed.around)
            around = dict(seed.around) | {path: mutated(self.random, data, others, self._words)}
            seed = seed._replace(around=tuple(around.items()))
        return seed._replace(data=mutated(self.random, seed.data, others, self._words))

    def _try(self, seed: Seed) -> None:
        explicit, unsafe = self.random.random() < 0.2, self.random.random() < 0.5
        self.inputs += 1
        start = time.process_time()
        fault = trouble(seed, explicit=explicit, unsafe=unsafe)
        self.slowest = max(self.slowest, time.process_time() - start)
        if fault is None:
            return
        self.faults[fault] += 1
        if self.faults[fault] == 1:
            same = lambda less: trouble(less, explicit=explicit, unsafe=unsafe) == fault  # noqa: E731
            self._keep(seed if fault.startswith("TooSlow") else cut_down(seed, same), fault)

    def _keep(self, seed: Seed, fault: str) -> None:
        folder = self.keep / f"{self.name}-{sha256(fault.encode()).hexdigest()[:8]}"
        for path, data in ((seed.path, seed.data), ("FAULT", fault.encode())):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)

    def row(self) -> str:
        """The line of the table."""
        head = f"{self.name:24} {self.inputs:8} {self.slowest:8.2f}s {self.faults.total():6}"
        return "\n".join((head, *(f"    {n:6} {fault}" for fault, n in self.faults.items())))


def _too_slow(*_: object) -> None:
    raise TooSlow


def main() -> int:
    """Run every place, or those that are named; returns the exit code."""
    known = seeds()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", choices=[*known, []], default=[], metavar="PLACE")
    parser.add_argument("--seconds", type=float, default=10.0, help="time for each place")
    parser.add_argument("--count", type=int, default=sys.maxsize, help="inputs for each place")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="a folder")
    options = parser.parse_args()
    signal.signal(signal.SIGPROF, _too_slow)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    inputs = faults = 0
    print(f"{'place':24} {'inputs':>8} {'slowest':>9} {'faults':>6}")
    for name in options.places or known:
        random = Random(f"{options.seed} {name}")  # noqa: S311 - repeatable, not secret
        campaign = Campaign(name, known[name], random, options.keep)
        campaign.run(options.seconds, options.count)
        print(campaign.row(), flush=True)
        inputs, faults = inputs + campaign.inputs, faults + campaign.faults.total()
    print(f"{'all':24} {inputs:8} {'':9} {faults:6}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
