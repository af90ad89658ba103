"""Findings and uses for people."""

from collections.abc import Iterator

from boltseal.finding import Finding, Severity
from boltseal.printable import printable
from boltseal.report.excerpt import excerpt
from boltseal.report.style import Style
from boltseal.tally import Tally
from boltseal.use import ImageUse


def finding_lines(finding: Finding, style: Style) -> Iterator[str]:
    """A finding: where and what, the line with the reference underlined, and what to do."""
    yield _headline(finding, style)
    if finding.source.data:
        yield from _excerpt_lines(finding, style)
    for related in finding.related:
        source = related.source or finding.source
        position = source.position(related.span.start)
        at = f"{printable(source.path)}:{position.line}:{position.column}"
        yield f"  {style.dim('=')} {printable(related.label)}: {at}"
    if finding.use:
        route = f"{printable(finding.use.place)}, {printable(finding.use.route)}"
        yield f"  {style.dim('=')} place: {route}"
    yield f"  {style.dim('=')} {style.bold('hint')}: {printable(finding.hint)}"


def short_line(finding: Finding, style: Style) -> str:
    """A finding on one line: where, what, and the reference, where the reason is told elsewhere."""
    named = f"; not resolved: {printable(finding.use.text)}" if finding.use else ""
    return _headline(finding, style) + named


def _headline(finding: Finding, style: Style) -> str:
    dress = {Severity.ERROR: style.red, Severity.WARNING: style.yellow, Severity.NOTE: style.cyan}
    colour = dress[finding.severity]
    where = place_of(finding)
    rule = f"{finding.severity}[{finding.rule}]"
    return f"{style.bold(where)}: {colour(rule)}: {printable(finding.message)}"


def _excerpt_lines(finding: Finding, style: Style) -> Iterator[str]:
    shown = excerpt(finding.source, finding.span)
    number = f"{shown.line:>4}"
    bar = style.dim("|")
    yield f"{style.dim(number)} {bar} {shown.text}"
    yield f"{' ' * len(number)} {bar} {shown.before}{style.red(shown.marks)}"


def place_of(finding: Finding) -> str:
    """``path:line:column``, safe to print."""
    position = finding.source.position(finding.span.start)
    return f"{printable(finding.source.path)}:{position.line}:{position.column}"


def summary(tally: Tally, style: Style) -> str:
    """One line that counts: what fails a run, what is only a note, what a fix would do."""
    if not tally.failing and not tally.notes:
        return style.green(f"No findings in {count(tally.files, 'file')}.")
    parts = [f"{count(tally.failing, 'finding')} in {count(tally.files, 'file')}"]
    if tally.notes:
        parts.append(count(tally.notes, "note"))
    if tally.safe or tally.unsafe:
        more = f", {tally.unsafe} more with --unsafe-fixes" if tally.unsafe else ""
        parts.append(f"{tally.safe} fixable with 'boltseal fix'{more}")
    return "; ".join(parts) + "."


def left(tally: Tally) -> str:
    """What is left after a fix, in one sentence; empty where nothing is."""
    parts = [count(tally.failing, "finding")] if tally.failing else []
    if tally.unresolved:
        parts.append(f"{tally.unresolved} of them could not be resolved")
    if tally.notes:
        parts.append(count(tally.notes, "note"))
    if tally.unsafe:
        parts.append(f"{tally.unsafe} fixable with --unsafe-fixes")
    return f"Left: {', '.join(parts)}." if parts else ""


def use_line(use: ImageUse, status: str, style: Style) -> str:
    """A use on one line: where, its status, what is written and what it means."""
    position = use.source.position(use.span.start)
    where = f"{printable(use.source.path)}:{position.line}:{position.column}"
    colour = {"pinned": style.green, "mutable": style.yellow}.get(status, style.cyan)
    line = f"{where}: {colour(status)} {printable(use.text)}"
    image = use.image
    if image is not None and image.original != use.text:
        line += style.dim(f" = {printable(image.original)}")
    return f"{line} {style.dim(f'({use.place}, {printable(use.route)})')}"


def count(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it needs one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
