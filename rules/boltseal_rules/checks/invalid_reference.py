"""``invalid-reference``: text that no engine can pull."""

from boltseal.check import Check, Rule
from boltseal.example import Example
from boltseal.finding import Finding, Severity
from boltseal.reference import InvalidReference
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse

RULE = Rule(
    name="invalid-reference",
    severity=Severity.ERROR,
    summary="The text is not an image reference.",
    what="Finds text that stands where an image is named and that no engine can read as a reference.",
    why="A build or a deployment with it fails, or a script fills in something nobody sees here.",
    fix="Not fixable: write the reference as `registry.example.com/name:tag@sha256:…`.",
    bad=(Example("Dockerfile", "FROM Registry.example.com/Web:1.0\n"),),
    good=(Example("Dockerfile", f"FROM registry.example.com/web@sha256:{'0' * 64}\n"),),
    references=("https://pkg.go.dev/github.com/distribution/reference",),
)


def judge(use: ImageUse, _outcome: Outcome | None) -> Finding | None:
    """A finding for a use whose text is no reference."""
    if not isinstance(use.reference, InvalidReference):
        return None
    problem = use.reference
    message = f"not an image reference: {problem.reason}"
    return Finding(
        RULE.name, RULE.severity, message, problem.hint, use.source, use.span, use, use.related
    )


CHECK = Check(RULE, judge)
