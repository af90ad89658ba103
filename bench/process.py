"""What one run of a whole process costs."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bench import starter

_MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024
_STARTER = (sys.executable, "-I", "-S", str(starter.__file__))


class Command(NamedTuple):
    """What to run: arguments, the folder to run it in, and what to add to the environment.

    ``timeout``: seconds after which it is ended.
    """

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = {}
    input: bytes = b""
    timeout: float = 1800.0


class Cost(NamedTuple):
    """User and system seconds, seconds on the clock, and most bytes in memory.

    The processor time is that of the process and of all those that it started and waited for; the
    memory is that of the largest of them, and at least that of an interpreter.
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


class NotRunError(Exception):
    """A program that could not be started, or did not end in time."""


def run(command: Command) -> Ran:
    """Run a command to its end. Raises NotRunError."""
    told, tell = os.pipe()
    with (
        os.fdopen(told, "rb") as report,
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        given.write(command.input)
        given.seek(0)
        process = subprocess.Popen(
            (*_STARTER, str(tell), *command.arguments),
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=given,
            stdout=output,
            stderr=errors,
            pass_fds=(tell,),
            start_new_session=True,
        )
        os.close(tell)
        _wait(process, command.timeout)
        output.seek(0)
        errors.seek(0)
        cost = report.read().split()
        if not cost:
            raise NotRunError(f"{command.arguments[0]} could not be run to its end")
        cpu, wall, memory, status = cost
        return Ran(
            Cost(float(cpu), float(wall), int(memory) * _MEMORY_UNIT),
            os.waitstatus_to_exitcode(int(status)),
            output.read(),
            errors.read(),
        )


def _wait(process: subprocess.Popen[bytes], timeout: float) -> None:
    """Wait for a process; its whole session is ended after the time, or if this is interrupted."""
    alarm = threading.Timer(timeout, os.killpg, (process.pid, signal.SIGKILL))
    alarm.start()
    try:
        process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        alarm.cancel()
