"""What boltseal says: results on standard output, everything else on standard error."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from boltseal.errors import UsageError
from boltseal.files import WriteRefused, put, reason_of
from boltseal.printable import printable
from boltseal.style import Style, style_for


class OutputClosed(Exception):
    """Whoever read standard output has gone: a pager was left, ``head`` has enough."""


@contextmanager
def _noticing_what_fails() -> Iterator[None]:
    # An exception of our own, since the command-line library ends with 1 at a BrokenPipeError,
    # and 1 means findings.
    try:
        yield
    except BrokenPipeError:
        raise OutputClosed from None
    except OSError as error:
        raise UsageError(f"cannot write to standard output: {reason_of(error)}") from None


def out(lines: Iterable[str]) -> None:
    """Write lines of text to standard output. Raises OutputClosed, or UsageError for a full disk."""
    with _noticing_what_fails():
        sys.stdout.writelines(f"{line}\n" for line in lines)


def out_bytes(chunks: Iterable[bytes]) -> None:
    """Write bytes to standard output as they are. Raises OutputClosed, or UsageError for a full disk."""
    with _noticing_what_fails():
        sys.stdout.flush()
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.buffer.flush()


def flush() -> None:
    """Hand over what was written to standard output. Raises OutputClosed, or UsageError for a full disk."""
    with _noticing_what_fails():
        sys.stdout.flush()


def err(lines: Iterable[str]) -> None:
    """Write lines of text to standard error; nobody is there to be told that it fails."""
    with suppress(OSError):
        sys.stderr.writelines(f"{line}\n" for line in lines)


def to_file(path: str, lines: Iterable[str]) -> None:
    """Make lines of text the contents of a file, in UTF-8. Raises UsageError."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        put(path, text.encode("utf-8", "backslashreplace"))
    except WriteRefused as error:
        raise UsageError(f"cannot write {printable(path)!r}: {error.reason}") from None


def say(message: str) -> None:
    """One line about the run itself, on standard error."""
    err([f"boltseal: {printable(message)}"])


def out_style() -> Style:
    """The style of standard output."""
    return style_for(sys.stdout)


def err_style() -> Style:
    """The style of standard error."""
    return style_for(sys.stderr)


def prepare() -> None:
    """Let no character that a terminal cannot show end the run, nor a stream that is closed."""
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w")  # noqa: PTH123 - it stands for one that was closed


def close() -> None:
    """Hand over what is left in the buffers; nobody is there to be told that it fails."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()


def forget_output() -> None:
    """The reader of standard output is gone: nothing more is written, and no error follows."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
