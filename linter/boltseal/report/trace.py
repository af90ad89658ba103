"""The lines that take part in a finding: where it is, and where else something adds to it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from boltseal.finding import Finding
from boltseal.printable import printable
from boltseal.report.excerpt import excerpt
from boltseal.source import Source, Span
from boltseal.style import Style

MOST = 4
"""Other places that a report shows; a value may be used hundreds of times."""


class _Spot(NamedTuple):
    """A span to underline. ``label`` says what it does there; of the finding itself it is empty."""

    source: Source
    span: Span
    label: str = ""


def trace_lines(finding: Finding, style: Style) -> Iterator[str]:
    """Excerpts of the finding's file in the order of its lines, then those of other files.

    The finding is underlined with ``^``, other places with ``-`` and what they do there. Of these
    a few are shown, and the others counted.
    """
    spots = [
        _Spot(it.source or finding.source, it.span, it.label)
        for it in dict.fromkeys(finding.related)
    ]
    own = [spot for spot in spots[:MOST] if spot.source is finding.source]
    yield from _excerpts([_Spot(finding.source, finding.span), *own], style)
    files: dict[str, list[_Spot]] = {}
    for spot in spots[:MOST]:
        if spot.source is not finding.source:
            files.setdefault(spot.source.path, []).append(spot)
    for path, others in files.items():
        at = others[0].source.position(others[0].span.start)
        yield f" {style.dim('-->')} {printable(path)}:{at.line}:{at.column}"
        yield from _excerpts(others, style)
    if len(spots) > MOST:
        more = len(spots) - MOST
        yield f"  {style.dim('=')} and {more} more {'place' if more == 1 else 'places'}"


def _excerpts(spots: Sequence[_Spot], style: Style) -> Iterator[str]:
    """The lines of one file with what is underlined on them; a line is shown once."""
    bar = style.dim("|")
    last = (0, "")
    for spot in sorted(spots, key=lambda it: (it.source.line_of(it.span.start), it.label != "")):
        shown = excerpt(spot.source, spot.span)
        number = f"{shown.line:>4}"
        if (shown.line, shown.text) != last:
            yield f"{style.dim(number)} {bar} {shown.text}"
            last = (shown.line, shown.text)
        yield f"{' ' * len(number)} {bar} {shown.before}{_marks(spot, shown.marks, style)}"


def _marks(spot: _Spot, marks: str, style: Style) -> str:
    if not spot.label:
        return style.red(marks)
    return style.cyan(f"{'-' * len(marks)} {printable(spot.label)}")
