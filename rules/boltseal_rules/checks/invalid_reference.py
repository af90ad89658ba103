"""``invalid-reference``: text that no engine can pull."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.reference import InvalidReference
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse

RULE = Rule("invalid-reference", Severity.ERROR)


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
