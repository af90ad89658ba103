"""``fix``: seal what can be sealed, and say what is left."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from boltseal import console
from boltseal.bug import described
from boltseal.commands.rewriting import is_rewritten
from boltseal.edit import EditRefused
from boltseal.engine import PLAIN, Inspected, Knowledge, Knows, Task, judge
from boltseal.fixing import Fixed, Inconsistent, fix, wanted_references
from boltseal.intake import STDIN, Request, gathered
from boltseal.reference import DEFAULT_TAG
from boltseal.report import text
from boltseal.report.outages import Outages
from boltseal.report.reporter import IN_TEXT, Reporter, Reporting
from boltseal.report.summary import Sealed
from boltseal.report.trouble import tell_notes
from boltseal.resolve.outcome import Resolution
from boltseal.resolve.resolver import Resolver
from boltseal.style import Style
from boltseal.tally import Exit, Tally
from boltseal.use import Split


class Writing(NamedTuple):
    """What is to become of the changes.

    ``dry``: nothing is written, and everything that a fix would mend is reported with its patch.
    ``diff``: nothing is written, and the change is printed.
    """

    dry: bool = False
    diff: bool = False


FOR_GOOD = Writing()
"""The changes are written."""


def run_fix(
    request: Request,
    knows: Knows,
    resolver: Resolver,
    reporting: Reporting = IN_TEXT,
    *,
    task: Task = PLAIN,
    writing: Writing = FOR_GOOD,
    quiet: bool = False,
) -> Exit:
    """Seal what can be sealed; report what is left.

    With ``quiet`` what is only worth knowing is left out: errors, warnings and findings are not.
    """
    stdin = STDIN in request.paths
    items, others = gathered(request, knows)
    wanted = (it for item in items for it in wanted_references(knows(item.source.path), item, task))
    resolution = resolver.resolve(wanted)
    for warning in resolver.warnings:
        console.say(warning)
    outages = Outages(resolution)
    reporter = Reporter(reporting, beside=stdin or writing.diff)
    reporter.tally.files += others
    done: list[Fixed] = []
    for item in items:
        knowledge = knows(item.source.path)
        result, bug = _fixed(knowledge, item, resolution, task)
        result = _delivered(knowledge, item, result, writing, stdin=stdin)
        # What a dry run would mend is still there; with a diff, which shows it, only the rest is told.
        findings = judge(knowledge, item, resolution, task) if writing.dry else result.findings
        reporter.take(reporter.sheet(findings, bug, outages))
        done.append(result._replace(findings=()))
    sealed = [it for result in done for it in _sealed(result)]
    untouched = writing.dry or writing.diff

    def closing(tally: Tally, style: Style) -> Iterator[str]:
        yield from outages.lines()
        yield _summary(sealed, tally, style, dry=untouched)

    code = reporter.end("fix", closing, sealed, dry=untouched)
    tell_notes(resolver.notes, quiet=quiet)
    if untouched and sealed and code is not Exit.BUG and not reporting.exit_zero:
        return Exit.FINDINGS
    return code


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


def _untouched(knowledge: Knowledge, item: Inspected) -> Fixed:
    return Fixed(item.source, item.source.data, (), tuple(judge(knowledge, item)))


def _delivered(
    knowledge: Knowledge, item: Inspected, result: Fixed, writing: Writing, *, stdin: bool
) -> Fixed:
    """What was done: the file as it was, where it could not be written."""
    if writing.diff:
        _show_diff(result)
    elif writing.dry:
        return result
    elif stdin:
        console.out_bytes([result.data])
    elif result.sealed and not is_rewritten(result.source, result.data):
        return _untouched(knowledge, item)
    return result


def _show_diff(result: Fixed) -> None:
    from boltseal.report.diff import unified

    console.out_bytes(unified(result.source.path, result.source.data, result.data))


def _sealed(result: Fixed) -> Iterator[Sealed]:
    for use, digest in result.sealed:
        image = use.image
        if image is None:
            continue
        named = image.original.partition("@")[0]
        if image.tag is None and not isinstance(use.spelling, Split):
            named += f":{DEFAULT_TAG}"
        line = use.source.line_of(use.span.start)
        after = f"{named}@{digest}"
        yield Sealed(use.source.path, line, use.place, image.original, after, digest)


def _summary(sealed: Sequence[Sealed], tally: Tally, style: Style, *, dry: bool) -> str:
    changed = len({it.path for it in sealed})
    done = "Would seal" if dry else "Sealed"
    line = style.green(f"{done} {text.count(len(sealed), 'use')} in {text.count(changed, 'file')}.")
    left = text.left(tally)
    return f"{line} {left}" if left else line
