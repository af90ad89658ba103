"""Runs as plain data, as the forms that are one document take them."""

from collections.abc import Iterable, Mapping

from boltseal.finding import Finding
from boltseal.report.record import records
from boltseal.report.summary import Summary
from boltseal.tally import Tally
from tests.tools import known


def checked(files: Mapping[str, str]) -> Summary:
    """A run over files, of which every digest is known and nothing is written."""
    return of((known(path, text) for path, text in files.items()), files=len(files))


def of(findings: Iterable[Iterable[Finding]], *, files: int = 1) -> Summary:
    """A run that found this, file by file."""
    tally = Tally(files=files)
    found = [list(of_file) for of_file in findings]
    for it in (it for of_file in found for it in of_file):
        if it.suppression is None:
            tally.add(it)
    return Summary("check", tally, tuple(it for of_file in found for it in records(of_file)))
