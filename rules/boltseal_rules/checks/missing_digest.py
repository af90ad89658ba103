"""``missing-digest``: the registry does not have the image any more."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome, Unresolved
from boltseal.use import ImageUse

RULE = Rule("missing-digest", Severity.ERROR)


def judge(use: ImageUse, outcome: Outcome | None) -> Finding | None:
    """A finding for a sealed reference whose image is gone."""
    if use.image is None or not use.image.is_pinned:
        return None
    if not isinstance(outcome, Unresolved) or not outcome.gone:
        return None
    message = f"this image is not there: {outcome.reason}"
    return Finding(
        RULE.name, RULE.severity, message, outcome.hint, use.source, use.span, use, use.related
    )


CHECK = Check(RULE, judge)
