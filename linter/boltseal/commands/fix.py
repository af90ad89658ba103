"""``fix``: seal what can be sealed, and say what is left."""

from boltseal import console, files
from boltseal.bug import described
from boltseal.edit import EditRefused
from boltseal.engine import PLAIN, Inspected, Knowledge, Task, judge
from boltseal.fixing import Fixed, Inconsistent, fix, wanted_references
from boltseal.intake import STDIN, Request, inspected
from boltseal.report import text
from boltseal.report.form import Format
from boltseal.report.outages import Outages, asked_lines
from boltseal.report.style import Style
from boltseal.report.trouble import is_bug, tell_notes
from boltseal.resolve.outcome import Resolution
from boltseal.resolve.resolver import Resolver
from boltseal.tally import Exit, Tally


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
        bugs += is_bug(bug)
    outages = Outages(resolution)
    tally = _deliver(request, knowledge, items, results, form, outages, diff=diff)
    tell_notes(resolver.notes, quiet=quiet)
    if bugs:
        return Exit.BUG
    if diff and any(result.sealed for result in results):
        return Exit.FINDINGS
    return tally.exit


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
        put(asked_lines(finding, form, style, outages))
        tally.add(finding)
    if form is Format.TEXT:
        put([*outages.lines(), _summary(results, tally, style, diff=diff)])
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


def _summary(results: list[Fixed], tally: Tally, style: Style, *, diff: bool) -> str:
    sealed = sum(len(result.sealed) for result in results)
    changed = sum(bool(result.sealed) for result in results)
    done = "Would seal" if diff else "Sealed"
    line = style.green(f"{done} {text.count(sealed, 'use')} in {text.count(changed, 'file')}.")
    left = text.left(tally)
    return f"{line} {left}" if left else line
