"""What one run of a whole process costs."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Command(NamedTuple):
    """What to run: arguments, the folder to run it in, and what to add to the environment."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = {}
    input: bytes = b""


class Cost(NamedTuple):
    """User and system seconds, seconds on the clock, and most bytes in memory.

    The processor time is that of the process and of all those that it started and waited for; the
    memory is that of the largest of them. A process starts as a copy of this one, so no figure
    for memory is less than what this one has.
    """

    cpu: float
    wall: float
    memory: int


class Ran(NamedTuple):
    """A process that has ended: what it cost, its exit code, and what it printed."""

    cost: Cost
    status: int
    output: bytes
    errors: bytes


def run(command: Command) -> Ran:
    """Run a command to its end. Raises OSError where it cannot be started."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        given.write(command.input)
        given.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=given,
            stdout=output,
            stderr=errors,
        )
        # Of this very process: the sum over all children would take in those that ended earlier.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        cost = Cost(_processor(usage), wall, usage.ru_maxrss * _MAXRSS_UNIT)
        return Ran(cost, process.returncode, output.read(), errors.read())


def _processor(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime
