"""From the paths that a user names to the files with the uses in them."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, TypeVar

from boltseal import files
from boltseal.bug import described
from boltseal.candidate import Candidate, Found
from boltseal.discover import discover
from boltseal.engine import Inspected, Knowledge, inspect
from boltseal.errors import UsageError
from boltseal.source import Source, Unparsable
from boltseal.tree import Trees
from boltseal.workers import spread

MAX_SIZE = 64 * 1024 * 1024
"""Bytes beyond which a file is reported and not read."""
STDIN = "-"

_Told = TypeVar("_Told")


class Request(NamedTuple):
    """What the user wants looked at."""

    paths: tuple[str, ...] = (".",)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    stdin_filename: str | None = None


def inspected(request: Request, knowledge: Knowledge) -> Iterator[Inspected]:
    """Every file in turn, read and searched; one at a time is in memory if the caller lets go.

    Raises UsageError for paths that do not exist, and for '-' without a name.
    """
    if STDIN in request.paths:
        yield _standard_input(request, knowledge)
        return
    yield from map(_Looker(knowledge).look, _found(request, knowledge))


def told(
    request: Request, knowledge: Knowledge, tell: Callable[[Inspected], _Told]
) -> Iterator[_Told]:
    """What ``tell`` says of every file, in the order of ``inspected``, which see.

    Large trees are shared among processes, so it must be something small that can be pickled.
    """
    if STDIN in request.paths:
        yield tell(_standard_input(request, knowledge))
        return
    look = _Looker(knowledge).look
    yield from spread(lambda item: tell(look(item)), list(_found(request, knowledge)))


def _found(request: Request, knowledge: Knowledge) -> Iterator[Found]:
    return discover(
        request.paths,
        wants=knowledge.claims.any,
        include=request.include,
        exclude=request.exclude,
    )


class _Looker:
    """Looks into files, one after the other; what it learns of their trees it keeps."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._trees = Trees()

    def look(self, item: Found) -> Inspected:
        """What is in one file; a bug that is met in it is told there."""
        if not isinstance(item, Candidate):
            return _unreadable(item.path, item.reason)
        try:
            data = files.read(item.path, MAX_SIZE, follow=item.link)
        except files.Unreadable as error:
            return _unreadable(item.path, error.reason)
        # What --include brings in is looked at whatever it is called, like what is named.
        explicit = item.explicit or not self._knowledge.claims.of(item.path)
        source = Source(item.path, data, partial(self._trees.of, item.path))
        return _searched(self._knowledge, source, explicit=explicit)


def _standard_input(request: Request, knowledge: Knowledge) -> Inspected:
    if len(request.paths) > 1:
        raise UsageError("'-' stands for standard input and cannot be mixed with other paths")
    if not request.stdin_filename:
        raise UsageError("'-' needs --stdin-filename, so that the format of the input is known")
    data = sys.stdin.buffer.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        # No finding would do: what reads the fixed text would take its absence for the text.
        raise UsageError(f"standard input is larger than {MAX_SIZE} bytes")
    name = request.stdin_filename
    return _searched(knowledge, Source(name, data, Trees().of(name)), explicit=True)


def _searched(knowledge: Knowledge, source: Source, *, explicit: bool) -> Inspected:
    try:
        return inspect(knowledge, source, explicit=explicit)
    except Exception as error:  # noqa: BLE001 - a bug met in one file must not hide the others
        return Inspected(source, explicit=explicit, bug=described(source.path, error))


def _unreadable(path: str, reason: str) -> Inspected:
    return Inspected(Source(path, b""), (), (Unparsable(reason),))
