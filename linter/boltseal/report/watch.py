"""Who watches a run, as the user and the place where it runs want it."""

import os
import sys

from boltseal import console
from boltseal.resolve.observer import Observer, ignore


def observer(*, quiet: bool, verbose: bool) -> Observer:
    """The observer for a run; it talks on standard error.

    In: whether nothing is to be said of the run, or every exchange. Out: by default what tells of
    progress: a live line on a terminal, plain lines now and then in a log, on a terminal that
    cannot move its cursor, and where ``CI`` is set.
    """
    if quiet:
        return ignore
    if verbose:
        from boltseal.report.exchanges import Exchanges

        return Exchanges(lambda line: console.err([line]))
    if _takes_a_live_line():
        from boltseal.report.live import LiveProgress

        return LiveProgress(sys.stderr)
    from boltseal.report.progress import PlainProgress

    return PlainProgress(console.say)


def _takes_a_live_line() -> bool:
    if os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stderr.isatty()
