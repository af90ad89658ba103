"""What a run of the bench found, and its form as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.contest import Entry
from bench.spread import Spread, spread

_FORM = 1
MIB = 1 << 20


class Measure(NamedTuple):
    """One figure, measured once a round: ``unit`` is 'x', 'MiB', 'round trips' or '' for a count.

    ``compared`` where it is worse the more it is, and means the same on another day: seconds do
    not, nor does what hangs on another program's version.
    """

    name: str
    values: tuple[float, ...]
    unit: str = "x"
    compared: bool = True

    @property
    def spread(self) -> Spread:
        """Median and quartiles of the rounds."""
        return spread(self.values)


class Section(NamedTuple):
    """What one part of the bench measured: who ran, the figures, and what a reader has to know."""

    title: str
    entries: tuple[Entry, ...]
    measures: tuple[Measure, ...]
    notes: tuple[str, ...] = ()


class Subject(NamedTuple):
    """What was measured: version and commit of boltseal, the tree with its size and commit."""

    boltseal: str
    tree: str
    machine: str


class Old(NamedTuple):
    """Figures of an earlier run, by name, and what they were measured on."""

    tree: str
    spreads: Mapping[str, Spread]


class UnreadableError(Exception):
    """A file that does not hold results in the form that is written here."""


def write(path: Path, subject: Subject, sections: Sequence[Section]) -> None:
    """Write results as JSON. Raises OSError."""
    document = {
        "form": _FORM,
        **subject._asdict(),
        "measures": {
            measure.name: {
                "unit": measure.unit,
                "compared": measure.compared,
                **measure.spread._asdict(),
                "values": measure.values,
            }
            for section in sections
            for measure in section.measures
        },
        "programs": [
            {"section": section.title, **_program(entry)}
            for section in sections
            for entry in section.entries
        ],
    }
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _program(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.contender.name,
        "version": entry.contender.version,
        "about": entry.contender.about,
        "exit": entry.status,
        "findings": entry.findings,
        "runs": [cost._asdict() for cost in entry.costs],
    }


def read(path: Path) -> Old:
    """Read the figures that can be compared. Raises UnreadableError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["form"] != _FORM:
            raise UnreadableError(f"{path}: written in another form")
        spreads = {
            name: Spread(measure["median"], measure["low"], measure["high"])
            for name, measure in document["measures"].items()
            if measure["compared"]
        }
        return Old(document["tree"], spreads)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"{path}: no results of the bench ({error})") from None
