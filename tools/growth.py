#!/usr/bin/env python3
"""Say how the time of each place grows with the size of a file: python -m tools.growth.

Twice: with a seed again and again, and with one word again and again inside of a seed, where those
are named that take more than half a second and more than six times as long for four times as much.
"""

import signal
import sys
import time

from tools.fuzz import Seed, TooSlow, examine, seeds
from tools.mutations import words

SIZES = (64 * 1024, 256 * 1024, 1024 * 1024)
_LIMIT = 20.0
_NOTABLE = 0.5
_STEEP = 6.0


def seconds(seed: Seed) -> float:
    """The processor time that a file takes; infinite beyond the limit."""
    signal.setitimer(signal.ITIMER_PROF, _LIMIT)
    start = time.process_time()
    try:
        examine(seed, explicit=False, unsafe=False)
    except TooSlow:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - start


def repeated(seed: Seed, size: int) -> Seed:
    """A seed again and again; YAML in documents of their own."""
    between = b"\n---\n" if ".y" in seed.path else b"\n"
    return seed._replace(data=(seed.data + between) * (size // len(seed.data)))


def hostile(seed: Seed, word: bytes, size: int) -> list[Seed]:
    """A seed with one word many times: where its first reference stands, and at its end."""
    many = word * (size // len(word))
    return [
        seed._replace(data=seed.data.replace(b"nginx", many, 1)),
        seed._replace(data=seed.data + many),
    ]


def _rows(name: str, seed: Seed) -> None:
    times = [seconds(repeated(seed, size)) for size in SIZES]
    print(f"{name:24}" + "".join(f"{time:10.2f}" for time in times), flush=True)
    for word in dict.fromkeys(words(name)):
        pairs = (hostile(seed, word.encode(), size) for size in (SIZES[0] // 4, SIZES[0]))
        for number, (small, large) in enumerate(zip(*pairs, strict=True)):
            time_large = seconds(large)
            if time_large < _NOTABLE:
                continue
            time_small = seconds(small)
            if time_large > _STEEP * time_small:
                where = ("inside", "behind")[number]
                print(f"    {word!r} {where}: {time_small:.2f} {time_large:.2f}", flush=True)


def _too_slow(*_: object) -> None:
    raise TooSlow


def main() -> None:
    """Measure every place, or those that are named."""
    signal.signal(signal.SIGPROF, _too_slow)
    known = seeds()
    print(f"{'place':24}" + "".join(f"{size // 1024:7} KB" for size in SIZES))
    for name in sys.argv[1:] or known:
        seed = next((it for it in known[name] if b"nginx" in it.data), known[name][0])
        _rows(name, seed)


if __name__ == "__main__":
    main()
