"""Findings and uses for people."""

from collections.abc import Iterator

from boltseal.finding import Finding, Severity
from boltseal.printable import printable
from boltseal.report.trace import trace_lines
from boltseal.style import Style
from boltseal.tally import Tally
from boltseal.use import ImageUse


def finding_lines(finding: Finding, style: Style) -> Iterator[str]:
    """A finding: where and what, the lines that take part, what to do, and the patch if known."""
    yield headline(finding, style)
    if finding.source.data:
        yield from trace_lines(finding, style)
    if finding.use:
        route = f"{printable(finding.use.place)}, {printable(finding.use.route)}"
        yield f"  {style.dim('=')} place: {route}"
    yield f"  {style.dim('=')} {style.bold('hint')}: {printable(finding.hint)}"
    if finding.fix:
        from boltseal.report.patch import patch_lines  # a check knows no digest

        yield from patch_lines(finding.source, finding.fix, style)


def short_line(finding: Finding, style: Style) -> str:
    """A finding on one line: where, what, and the reference, where the reason is told elsewhere."""
    named = f"; not resolved: {printable(finding.use.text)}" if finding.use else ""
    return headline(finding, style) + named


def headline(finding: Finding, style: Style) -> str:
    """Where a finding is, how much it matters, its rule and its message, on one line."""
    dress = {Severity.ERROR: style.red, Severity.WARNING: style.yellow, Severity.NOTE: style.cyan}
    colour = dress[finding.severity]
    where = place_of(finding)
    rule = f"{finding.severity}[{finding.rule}]"
    return f"{style.bold(where)}: {colour(rule)}: {printable(finding.message)}"


def place_of(finding: Finding) -> str:
    """``path:line:column``, safe to print."""
    position = finding.source.position(finding.span.start)
    return f"{printable(finding.source.path)}:{position.line}:{position.column}"


def summary(tally: Tally, style: Style) -> str:
    """One line that counts: what fails a run, what is only a note, what a fix would do."""
    findings = count(tally.failing, "finding") if tally.failing else "No findings"
    parts = [f"{findings} in {count(tally.files, 'file')}"]
    if tally.notes:
        parts.append(count(tally.notes, "note"))
    parts += _unseen(tally)
    if not tally.failing and not tally.notes:
        return style.green(f"{'; '.join(parts)}.")
    if tally.safe or tally.unsafe:
        more = f", {tally.unsafe} more with --unsafe-fixes" if tally.unsafe else ""
        parts.append(f"{tally.safe} fixable with 'boltseal fix'{more}")
    advice = "'boltseal rule NAME' explains a rule, and how to accept what it finds."
    return f"{'; '.join(parts)}. {advice}"


def _unseen(tally: Tally) -> list[str]:
    """The findings that are there and not shown."""
    unseen = [f"{tally.accepted} accepted"] if tally.accepted else []
    return [*unseen, f"{tally.known} known"] if tally.known else unseen


def left(tally: Tally) -> str:
    """What is left after a fix, in one sentence; empty where nothing is."""
    parts = [count(tally.failing, "finding")] if tally.failing else []
    if tally.unresolved and tally.unresolved == tally.failing:
        parts = [f"{count(tally.failing, 'finding')} that could not be resolved"]
    elif tally.unresolved:
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
