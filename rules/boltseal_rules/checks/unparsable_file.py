"""``unparsable-file``: a file that could not be read or understood."""

from boltseal.check import FileCheck, Rule
from boltseal.example import Example
from boltseal.finding import Finding, Severity
from boltseal.source import Source, Span, Unparsable

RULE = Rule(
    name="unparsable-file",
    severity=Severity.ERROR,
    summary="The file could not be read or understood.",
    what="Names files that should hold images and that boltseal could not read in whole or in part.",
    why="What was not read was not checked: without this finding the file would look clean.",
    fix=(
        "Not fixable. Such a file is never edited, not even where it could be read. Mend it, or "
        "leave it out with `--exclude`."
    ),
    bad=(Example("compose.yaml", "services:\n  web:\n    image: [nginx:1.27\n"),),
    good=(Example("compose.yaml", f"services:\n  web:\n    image: nginx@sha256:{'0' * 64}\n"),),
)


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
