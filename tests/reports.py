"""Runs to make reports of: findings with their fixes, as after every digest was answered."""

from collections.abc import Iterable, Mapping

from boltseal.engine import Inspected, Task, judge
from boltseal.finding import Finding
from boltseal.fixing import fix
from boltseal.report.record import Record, records
from boltseal.report.summary import Summary
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.source import ALONE, Tree
from boltseal.tally import Tally
from tests.tools import KNOWLEDGE, digest, inspected

_PLAIN = KNOWLEDGE._replace(places=tuple(p for p in KNOWLEDGE.places if not p.opt_in))
_ALL = Task(unsafe=True, update=True)
"""Make every fix that can be made."""


def findings(path: str, data: bytes | str, around: Tree = ALONE) -> list[Finding]:
    """The findings of a file before it is fixed."""
    found = inspected(path, data, around)
    return list(judge(_PLAIN, found, _answers(found), _ALL))


def fixed(path: str, data: bytes | str, around: Tree = ALONE) -> bytes:
    """The file after every fix of these findings."""
    found = inspected(path, data, around)
    return fix(_PLAIN, found, _answers(found), _ALL).data


def _answers(found: Inspected) -> dict[str, Outcome]:
    return {
        use.image.canonical: Resolved(digest(use.image.canonical), "application/json")
        for use in found.uses
        if use.image
    }


def checked(files: Mapping[str, str]) -> Summary:
    """A run over files."""
    return report(*(findings(path, text) for path, text in files.items()))


def report(
    *files: Iterable[Finding], bugs: tuple[str, ...] = (), count: int | None = None
) -> Summary:
    """A run that found these, file by file; of more files with ``count``."""
    tally, rows = Tally(len(files) if count is None else count), list[Record]()
    for found in map(list, files):
        for finding in found:
            tally.add(finding)
        rows += records(found)
    return Summary("fix", tally, tuple(rows), dry=True, bugs=bugs)
