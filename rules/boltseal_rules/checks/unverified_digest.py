"""``unverified-digest``: nothing could be learned about a digest."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome, Unresolved
from boltseal.use import ImageUse

RULE = Rule("unverified-digest", Severity.WARNING)


def judge(use: ImageUse, outcome: Outcome | None) -> Finding | None:
    """A finding for a sealed reference that was asked for and not answered."""
    if use.image is None or not use.image.is_pinned:
        return None
    if not isinstance(outcome, Unresolved) or outcome.gone:
        return None
    return Finding(
        RULE.name,
        RULE.severity,
        f"the digest could not be checked: {outcome.reason}",
        outcome.hint,
        use.source,
        use.span,
        use,
        use.related,
        unresolved=True,
    )


CHECK = Check(RULE, judge)
