"""``unlocked-artifact``: an artifact that only a lock file can pin, and none does."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse, Opaque
from boltseal_rules.sealing import is_enough

RULE = Rule("unlocked-artifact", Severity.NOTE)


def judge(use: ImageUse, _outcome: Outcome | None) -> Finding | None:
    """A note for an artifact without a digest that only a lock file can pin."""
    spelling, image = use.spelling, use.image
    if image is None or image.is_pinned or not isinstance(spelling, Opaque):
        return None
    if not spelling.lockable or is_enough(use):
        return None
    message = f"no lock file pins this artifact: {use.text}"
    return Finding(
        RULE.name, RULE.severity, message, spelling.hint, use.source, use.span, use, use.related
    )


CHECK = Check(RULE, judge)
