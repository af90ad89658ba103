"""``verify``: is every digest still there?"""

from collections.abc import Iterator

from boltseal import console
from boltseal.engine import Inspected, Knows, judge
from boltseal.finding import Finding
from boltseal.fixing import pinned_references
from boltseal.intake import Request, gathered
from boltseal.report import text
from boltseal.report.outages import Outages
from boltseal.report.reporter import IN_TEXT, Reporter, Reporting
from boltseal.report.trouble import tell_notes
from boltseal.resolve.outcome import Resolution, Resolved
from boltseal.resolve.resolver import Resolver
from boltseal.style import Style
from boltseal.tally import Exit, Tally


def run_verify(
    request: Request,
    knows: Knows,
    resolver: Resolver,
    reporting: Reporting = IN_TEXT,
    *,
    quiet: bool = False,
) -> Exit:
    """Ask whether every digest is still there, and report those that are not. Writes no file."""
    reporter = Reporter(reporting)
    items, others = gathered(request, knows)
    reporter.tally.files += others
    # By digest alone: one image that is used under several tags is asked for once.
    pinned = {image.canonical: image._replace(tag=None) for image in pinned_references(items)}
    found = resolver.resolve(pinned.values())
    resolution = {name: found[image.canonical] for name, image in pinned.items()}
    for warning in resolver.warnings:
        console.say(warning)
    outages = Outages(resolution)
    for item in items:
        findings = _of_digests(knows, item, resolution)
        reporter.take(reporter.sheet(findings, item.bug, outages))

    def closing(tally: Tally, style: Style) -> Iterator[str]:
        yield from outages.lines()
        yield _summary(found, tally, style)

    code = reporter.end("verify", closing)
    tell_notes(resolver.notes, quiet=quiet)
    return code


def _of_digests(knows: Knows, item: Inspected, resolution: Resolution) -> Iterator[Finding]:
    """The findings about what is sealed, and about files that cannot be read."""
    knowledge = knows(item.source.path)
    for finding in judge(knowledge, item, resolution):
        image = finding.use.image if finding.use else None
        if (image and image.is_pinned) or finding.rule == knowledge.unparsable.rule.name:
            yield finding


def _summary(found: Resolution, tally: Tally, style: Style) -> str:
    there = sum(isinstance(outcome, Resolved) for outcome in found.values())
    line = f"Still there: {there} of {text.count(len(found), 'image')}."
    left = text.left(tally)
    return f"{line} {left}" if left else style.green(line)
