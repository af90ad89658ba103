"""Work that is spread over processes where that pays, with results in the order of the work."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from boltseal import console

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_PATIENCE = 0.3
"""Seconds that one process works alone: starting others costs a tenth of that, and what each of them
has to find out anew about a tree more; shorter runs would end later with them."""
_FEW = 64
"""Items that one process does by itself, however long it has worked."""
_PER_PROCESS = 16
"""Batches for each process: a long one at the end must not keep the others waiting."""
_MAX_BATCH = 64


def _idle(_: Any) -> None:
    """What a process does that is no worker."""


_work: Callable[[Any], Any] = _idle
"""In a worker, what it is to do."""


def spread(work: Callable[[_Item], _Result], items: Sequence[_Item]) -> Iterator[_Result]:
    """What ``work`` gives for each of ``items``, in their order.

    What is not done after a while is shared among as many processes as there are processors. They
    are forked, so that ``work`` may be any function and begins with all that is known by then;
    where a system cannot fork safely, or does not let this process, one does it all, and so it
    does what is left by one that was ended from outside. Raises what ``work`` raises, and what
    ``console.flush`` does.
    """
    start = time.perf_counter()
    jobs = processors()
    for index, item in enumerate(items, 1):
        yield work(item)
        if jobs > 1 and len(items) - index >= _FEW and time.perf_counter() - start >= _PATIENCE:
            yield from _by_processes(work, items[index:], jobs)
            return


def processors() -> int:
    """The processors that this process may use; one where forking is not safe."""
    if not hasattr(os, "sched_getaffinity"):  # macOS, whose libraries do not bear it, and Windows
        return 1
    return len(os.sched_getaffinity(0))


def _by_processes(
    work: Callable[[_Item], _Result], items: Sequence[_Item], jobs: int
) -> Iterator[_Result]:
    import gc
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    console.flush()  # forking does it too, and would not say that nobody reads any more
    size = max(1, min(_MAX_BATCH, len(items) // (jobs * _PER_PROCESS)))
    batches = [items[at : at + size] for at in range(0, len(items), size)]
    gc.freeze()  # a collection would touch, and so copy, all that the processes share
    try:
        pool = ProcessPoolExecutor(jobs, get_context("fork"), _begin, (work,))
        answers = pool.map(_batch, batches)
    except (OSError, ImportError):  # no process more, or no memory to share with one
        for process in active_children():
            process.kill()  # it was forked before the one that could not be
        yield from map(work, items)
        return
    done = 0
    try:
        for results in answers:
            done += len(results)
            yield from results
    except BrokenProcessPool:
        yield from map(work, items[done:])
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[Any], Any]) -> None:
    import signal
    from threading import Thread

    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process tells the others to end
    Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    """End when the process that forked this one does, which may have no time to tell."""
    from multiprocessing import parent_process

    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _batch(items: Sequence[Any]) -> list[Any]:
    return [_work(item) for item in items]
