"""Resolution in round trips: seconds on the clock over the delay of one round trip.

The registry is its own token service and every reference has a repository of its own, so a client
that knows nothing beforehand cannot do it in less than `COLD`.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from bench.process import Command, Cost, run
from bench.registry_server import CONNECTION_ROUND_TRIPS, Served

COLD = CONNECTION_ROUND_TRIPS + 3
"""The connection, then challenge, token and manifest, one after the other."""
_ROOT = Path(__file__).parent.parent


class Resolved(NamedTuple):
    """One cold run: the seconds that resolving took, what the process cost, what was asked."""

    seconds: float
    cost: Cost
    counts: Counter[str]


def references(served: Served, number: int) -> list[str]:
    """That many unique references, each of another repository, in turn of every registry."""
    hosts = served.hosts
    return [f"{hosts[index % len(hosts)]}/team/app{index}:1.0" for index in range(number)]


def resolve(served: Served, wanted: list[str]) -> Resolved:
    """Resolve references once, in a process that knows nothing yet. Raises RuntimeError."""
    served.counts()
    program = (sys.executable, "-m", "bench.ask", str(served.authority))
    # The folder has no logins: whoever runs this may have a helper that is slow to start.
    nowhere = {"DOCKER_CONFIG": str(served.authority.parent)}
    ran = run(Command(program, _ROOT, nowhere, "\n".join(wanted).encode()))
    if ran.status:
        raise RuntimeError(f"resolving failed: {ran.errors.decode()}")
    return Resolved(json.loads(ran.output)["seconds"], ran.cost, served.counts())
