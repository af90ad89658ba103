"""``unparsable-file``: a file that could not be read or understood."""

from boltseal.check import FileCheck, Rule
from boltseal.finding import Finding, Severity
from boltseal.source import Source, Span, Unparsable

RULE = Rule("unparsable-file", Severity.ERROR)


def judge(source: Source, problem: Unparsable) -> Finding:
    """The finding for one part that could not be read."""
    offset = min(problem.offset, len(source.data))
    return Finding(
        RULE.name,
        RULE.severity,
        f"the file cannot be read: {problem.reason}",
        "mend it, or leave it out with --exclude",
        source,
        Span(offset, offset),
    )


CHECK = FileCheck(RULE, judge)
