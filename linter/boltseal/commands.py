"""The commands, free of how they were called: requests in, text out, exit code back."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from boltseal import console, files
from boltseal.bug import described
from boltseal.edit import EditRefused
from boltseal.engine import (
    PLAIN,
    Fixed,
    Inconsistent,
    Inspected,
    Knowledge,
    Task,
    fix,
    judge,
    pinned_references,
    wanted_references,
)
from boltseal.finding import Finding
from boltseal.intake import STDIN, Request, inspected
from boltseal.report import jsonl, text
from boltseal.report.outages import Outages
from boltseal.report.style import Style
from boltseal.resolve.outcome import Resolution, Resolved
from boltseal.resolve.resolver import Resolver
from boltseal.tally import Exit, Tally

if TYPE_CHECKING:
    from boltseal.resolve.credentials import ConfiguredCredentials
    from boltseal.resolve.scope import Scope


class Format(StrEnum):
    """How results are written."""

    TEXT = "text"
    JSONL = "jsonl"


def run_check(request: Request, knowledge: Knowledge, form: Format) -> Exit:
    """Report what can change. Opens no socket and writes no file."""
    style = console.out_style()
    tally = Tally()
    bugs = 0
    for item in inspected(request, knowledge):
        bugs += _is_bug(item.bug)
        tally.files += 1
        for finding in judge(knowledge, item):
            _report(finding, form, style)
            tally.add(finding)
    if form is Format.TEXT:
        console.out([text.summary(tally, style)])
    return Exit.BUG if bugs else tally.exit


def run_verify(
    request: Request,
    knowledge: Knowledge,
    form: Format,
    resolver: Resolver,
    *,
    quiet: bool = False,
) -> Exit:
    """Ask whether every digest is still there, and report those that are not. Writes no file."""
    items = [
        item for item in inspected(request, knowledge) if item.uses or item.problems or item.bug
    ]
    bugs = sum(_is_bug(item.bug) for item in items)
    # By digest alone: one image that is used under several tags is asked for once.
    pinned = {image.canonical: image._replace(tag=None) for image in pinned_references(items)}
    found = resolver.resolve(pinned.values())
    resolution = {name: found[image.canonical] for name, image in pinned.items()}
    for warning in resolver.warnings:
        console.say(warning)
    outages = Outages(resolution)
    style = console.out_style()
    tally = Tally()
    for item in items:
        for finding in judge(knowledge, item, resolution):
            if finding.use is None or (finding.use.image and finding.use.image.is_pinned):
                console.out(_asked_lines(finding, form, style, outages))
                tally.add(finding)
    if form is Format.TEXT:
        console.out([*outages.lines(), _verify_summary(found, tally, style)])
    _tell_notes(resolver, quiet=quiet)
    return Exit.BUG if bugs else tally.exit


def _verify_summary(found: Resolution, tally: Tally, style: Style) -> str:
    there = sum(isinstance(outcome, Resolved) for outcome in found.values())
    line = f"Still there: {there} of {text.count(len(found), 'image')}."
    left = text.left(tally)
    return f"{line} {left}" if left else style.green(line)


def run_list(request: Request, knowledge: Knowledge, form: Format) -> Exit:
    """Report every use, pinned or not. A file that cannot be read is named on standard error."""
    style = console.out_style()
    code = Exit.CLEAN
    bugs = 0
    for item in inspected(request, knowledge):
        bugs += _is_bug(item.bug)
        for problem in item.problems:
            finding = knowledge.unparsable.judge(item.source, problem)
            console.err(text.finding_lines(finding, console.err_style()))
            code = Exit.FINDINGS
        for use in item.uses:
            if form is Format.JSONL:
                console.out([jsonl.use_line(use)])
            else:
                console.out([text.use_line(use, jsonl.status(use), style)])
    return Exit.BUG if bugs else code


def run_fix(
    request: Request,
    knowledge: Knowledge,
    form: Format,
    resolver: Resolver,
    *,
    task: Task = PLAIN,
    diff: bool = False,
    quiet: bool = False,
) -> Exit:
    """Seal what can be sealed; report what is left. With ``diff`` nothing is written.

    With ``quiet`` what is only worth knowing is left out: errors, warnings and findings are not.
    """
    # Files without images are let go at once; of standard input even the unchanged text is wanted.
    items = [
        item
        for item in inspected(request, knowledge)
        if item.uses or item.problems or item.bug or STDIN in request.paths
    ]
    resolution = resolver.resolve(wanted_references(items, task))
    for warning in resolver.warnings:
        console.say(warning)
    results: list[Fixed] = []
    bugs = 0
    for item in items:
        result, bug = _fixed(knowledge, item, resolution, task)
        results.append(result)
        bugs += _is_bug(bug)
    outages = Outages(resolution)
    tally = _deliver(request, knowledge, items, results, form, outages, diff=diff)
    _tell_notes(resolver, quiet=quiet)
    if bugs:
        return Exit.BUG
    if diff and any(result.sealed for result in results):
        return Exit.FINDINGS
    return tally.exit


def run_login_info(scope: "Scope", credentials: "ConfiguredCredentials", form: Format) -> Exit:
    """Say which login is used for a registry. Opens no socket; runs the user's helpers."""
    from boltseal.report import login

    looks = credentials.look(scope.registry, scope.repository)
    if form is Format.JSONL:
        console.out([login.login_record(scope, looks)])
    else:
        console.out(login.login_lines(scope, looks, console.out_style()))
    return Exit.CLEAN


def _fixed(
    knowledge: Knowledge, item: Inspected, resolution: Resolution, task: Task
) -> tuple[Fixed, str]:
    """The fixed file and no bug, or the file as it was and the bug that was met."""
    if item.bug:
        return _untouched(knowledge, item), item.bug
    try:
        return fix(knowledge, item, resolution, task), ""
    except (Inconsistent, EditRefused) as error:
        return _untouched(knowledge, item), str(error)
    except Exception as error:  # noqa: BLE001 - the other files are still to be fixed
        return _untouched(knowledge, item), described(item.source.path, error)


def _is_bug(bug: str) -> bool:
    """Whether there was a bug, which is told at once."""
    if bug:
        console.say(f"a bug in boltseal: {bug}; the file is left as it was")
    return bool(bug)


def _deliver(
    request: Request,
    knowledge: Knowledge,
    items: list[Inspected],
    results: list[Fixed],
    form: Format,
    outages: Outages,
    *,
    diff: bool,
) -> Tally:
    """Write or show the changes, then report what is left; returns the count of that."""
    stdin = STDIN in request.paths
    for index, result in enumerate(results):
        if diff:
            _show_diff(result)
        elif stdin:
            console.out_bytes([result.data])
        elif result.sealed and not _write(result):
            results[index] = _untouched(knowledge, items[index])
    beside = diff or stdin
    style = console.err_style() if beside else console.out_style()
    put = console.err if beside else console.out
    tally = Tally()
    for finding in (finding for result in results for finding in result.findings):
        put(_asked_lines(finding, form, style, outages))
        tally.add(finding)
    if form is Format.TEXT:
        put([*outages.lines(), _fix_summary(results, tally, style, diff=diff)])
    return tally


def _untouched(knowledge: Knowledge, item: Inspected) -> Fixed:
    return Fixed(item.source, item.source.data, (), tuple(judge(knowledge, item)))


def _show_diff(result: Fixed) -> None:
    from boltseal.report.diff import unified

    console.out_bytes(unified(result.source.path, result.source.data, result.data))


def _write(result: Fixed) -> bool:
    try:
        files.write(result.source.path, result.data, expected=result.source.data)
    except files.WriteRefused as error:
        console.say(f"{result.source.path}: not written: {error.reason}")
        return False
    return True


def _fix_summary(results: list[Fixed], tally: Tally, style: Style, *, diff: bool) -> str:
    sealed = sum(len(result.sealed) for result in results)
    changed = sum(bool(result.sealed) for result in results)
    done = "Would seal" if diff else "Sealed"
    line = style.green(f"{done} {text.count(sealed, 'use')} in {text.count(changed, 'file')}.")
    left = text.left(tally)
    return f"{line} {left}" if left else line


def _report(finding: Finding, form: Format, style: Style) -> None:
    console.out(_lines(finding, form, style))


def _asked_lines(finding: Finding, form: Format, style: Style, outages: Outages) -> Iterable[str]:
    """The lines of a finding after registries were asked: what is wrong with them is told once."""
    if form is Format.TEXT and outages.covers(finding):
        return [text.short_line(finding, style)]
    return _lines(finding, form, style)


def _tell_notes(resolver: Resolver, *, quiet: bool) -> None:
    for note in () if quiet else resolver.notes:
        console.say(note)


def _lines(finding: Finding, form: Format, style: Style) -> Iterator[str]:
    if form is Format.JSONL:
        yield jsonl.finding_line(finding)
        return
    yield from text.finding_lines(finding, style)
    yield ""
