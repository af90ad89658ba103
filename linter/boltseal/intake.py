"""From the paths that a user names to the files with the uses in them."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, TypeVar

from boltseal import console, files
from boltseal.bug import described
from boltseal.candidate import Candidate, Found
from boltseal.configuration.settings import NEEDLE
from boltseal.discover import discover
from boltseal.engine import Inspected, Knowledge, Knows, inspect
from boltseal.errors import UsageError
from boltseal.left_out import LeftOut
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


def inspected(request: Request, knows: Knows) -> Iterator[Inspected]:
    """Every file in turn, read and searched; one at a time is in memory if the caller lets go.

    Raises UsageError for paths that do not exist, and for '-' without a name.
    """
    if STDIN in request.paths:
        yield _standard_input(request, knows)
        return
    yield from map(_Looker(knows).look, _found(request, knows))


def gathered(request: Request, knows: Knows) -> tuple[list[Inspected], int]:
    """The files with something to judge, and how many others there are; see ``inspected``.

    The others are let go at once. Of standard input even the unchanged text is wanted.
    """
    kept: list[Inspected] = []
    others = 0
    for item in inspected(request, knows):
        if STDIN in request.paths or _may_have_findings(item):
            kept.append(item)
        else:
            others += 1
    return kept, others


def _may_have_findings(item: Inspected) -> bool:
    return bool(item.uses or item.problems or item.bug or item.source.holds(NEEDLE))


def told(request: Request, knows: Knows, tell: Callable[[Inspected], _Told]) -> Iterator[_Told]:
    """What ``tell`` says of every file, in the order of ``inspected``, which see.

    Large trees are shared among processes, so it must be something small that can be pickled.
    """
    if STDIN in request.paths:
        yield tell(_standard_input(request, knows))
        return
    look = _Looker(knows).look
    yield from spread(lambda item: tell(look(item)), list(_found(request, knows)))


def looked_at(request: Request, knows: Knows) -> Iterator[str]:
    """The paths of the files, as they are shown, without reading any. Raises UsageError."""
    return (item.path for item in _found(request, knows))


def _found(request: Request, knows: Knows) -> Iterator[Found]:
    found = discover(
        request.paths,
        wants=lambda path: knows(path).wants(path),
        include=request.include,
        exclude=request.exclude,
        enters=lambda folder: not knows(folder).ruling.prunes(folder),
    )
    is_left_out = LeftOut(knows)
    return (item for item in found if not is_left_out(item.path))


class _Looker:
    """Looks into files, one after the other; what it learns of their trees it keeps."""

    def __init__(self, knows: Knows) -> None:
        self._knows = knows
        self._trees = Trees()

    def look(self, item: Found) -> Inspected:
        """What is in one file; a bug that is met in it is told there."""
        if not isinstance(item, Candidate):
            return _unreadable(item.path, item.reason)
        try:
            data = files.read(item.path, MAX_SIZE, follow=item.link)
        except files.Unreadable as error:
            return _unreadable(item.path, error.reason)
        knowledge = self._knows(item.path)
        # What --include brings in is looked at whatever it is called, like what is named.
        explicit = item.explicit or not knowledge.claims.of(item.path)
        source = Source(item.path, data, partial(self._trees.of, item.path))
        return _searched(knowledge, source, explicit=explicit)


def _standard_input(request: Request, knows: Knows) -> Inspected:
    if len(request.paths) > 1:
        raise UsageError("'-' stands for standard input and cannot be mixed with other paths")
    if not request.stdin_filename:
        raise UsageError("'-' needs --stdin-filename, so that the format of the input is known")
    name = request.stdin_filename
    knowledge = knows(name)
    if knowledge.ruling.changes is not None:
        raise UsageError("--since looks at the working tree, which standard input is not")
    data = sys.stdin.buffer.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        # No finding would do: what reads the fixed text would take its absence for the text.
        raise UsageError(f"standard input is larger than {MAX_SIZE} bytes")
    if LeftOut(knows)(name):
        return Inspected(Source(name, data), left_out=True)
    return _searched(knowledge, Source(name, data, Trees().of(name)), explicit=True)


def _searched(knowledge: Knowledge, source: Source, *, explicit: bool) -> Inspected:
    try:
        found = inspect(knowledge, source, explicit=explicit)
    except Exception as error:  # noqa: BLE001 - a bug met in one file must not hide the others
        return Inspected(source, explicit=explicit, bug=described(source.path, error))
    if explicit and not (found.uses or found.problems or knowledge.claims.of(source.path)):
        console.say(f"{source.path}: no place knows what it is, so nothing is known of its images")
    return found


def _unreadable(path: str, reason: str) -> Inspected:
    return Inspected(Source(path, b""), (), (Unparsable(reason),))
