"""``verify``: is every digest still there?"""

from boltseal import console
from boltseal.engine import Knowledge, judge
from boltseal.fixing import pinned_references
from boltseal.intake import Request, inspected
from boltseal.report import text
from boltseal.report.form import Format
from boltseal.report.outages import Outages, asked_lines
from boltseal.report.style import Style
from boltseal.report.trouble import is_bug, tell_notes
from boltseal.resolve.outcome import Resolution, Resolved
from boltseal.resolve.resolver import Resolver
from boltseal.tally import Exit, Tally


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
    bugs = sum(is_bug(item.bug) for item in items)
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
                console.out(asked_lines(finding, form, style, outages))
                tally.add(finding)
    if form is Format.TEXT:
        console.out([*outages.lines(), _summary(found, tally, style)])
    tell_notes(resolver.notes, quiet=quiet)
    return Exit.BUG if bugs else tally.exit


def _summary(found: Resolution, tally: Tally, style: Style) -> str:
    there = sum(isinstance(outcome, Resolved) for outcome in found.values())
    line = f"Still there: {there} of {text.count(len(found), 'image')}."
    left = text.left(tally)
    return f"{line} {left}" if left else style.green(line)
