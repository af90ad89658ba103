"""Where a run starts, and where everything that can end it ends.

The plain check, which a hook pays for at every commit, is read off the arguments here; the library
that knows all the options takes several times as long to load as the check of a file takes.
"""

import gc
import os
import sys

from boltseal import console
from boltseal.errors import UsageError
from boltseal.printable import printable
from boltseal.tally import Exit

_CLOSED_PIPE = 128 + 13
"""What a shell shows for a program that SIGPIPE (13) ended."""
_INTERRUPTED = 128 + 2
"""The same for SIGINT (2)."""
_COMPLETION = "_BOLTSEAL_COMPLETE"
"""Set by a shell that asks for the words that may follow, not for a run."""
_NEVER_WRAPPED = "1000"
"""Columns that Typer takes a terminal to have: of what is offered, shells read a line as a word."""


def main() -> None:
    """Run boltseal with the arguments of the process, and exit."""
    # What a run makes is let go file by file; looking for cycles in it takes a tenth of a short run.
    gc.set_threshold(100_000, 50, 100)
    console.prepare()
    code = run(sys.argv[1:])
    console.close()
    os._exit(code)  # freeing every object first would take a seventh of a short run


def run(arguments: list[str]) -> int:
    """Run boltseal; returns the exit code. Nothing that the user can cause ends in a traceback."""
    try:
        code = _dispatched(arguments)
        console.flush()
    except UsageError as error:
        console.say(str(error))
        return Exit.USAGE
    except console.OutputClosed:
        console.forget_output()
        return _CLOSED_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception:  # noqa: BLE001 - the last resort: a bug has its own exit code
        import traceback

        console.err(printable(line) for line in traceback.format_exc().splitlines())
        console.say("this is a bug in boltseal; please report it with the lines above")
        return Exit.BUG
    return code


def is_plain(arguments: list[str]) -> bool:
    """Whether the arguments are ``check`` and paths, no option among them."""
    return (
        len(arguments) > 1
        and arguments[0] == "check"
        and not any(argument.startswith("-") for argument in arguments)
        and _COMPLETION not in os.environ
    )


def _dispatched(arguments: list[str]) -> int:
    if is_plain(arguments):
        from boltseal.commands.check import run_check
        from boltseal.intake import Request
        from boltseal.repertoire import Repertoire

        return run_check(Request(tuple(arguments[1:])), Repertoire())
    if _COMPLETION in os.environ:
        os.environ["TERMINAL_WIDTH"] = _NEVER_WRAPPED
    from boltseal.cli import typed

    return typed(arguments)
