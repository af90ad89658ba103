"""``unresolvable-reference``: what is named cannot be known from the file."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse, Opaque
from boltseal_rules.sealing import is_enough

RULE = Rule("unresolvable-reference", Severity.NOTE)


def judge(use: ImageUse, _outcome: Outcome | None) -> Finding | None:
    """A note for a use whose reference is not known, unless a template gets it from elsewhere."""
    spelling = use.spelling
    if use.reference is not None or not isinstance(spelling, Opaque) or spelling.elsewhere:
        return None
    if is_enough(use):
        return None
    message = f"this image cannot be known: {spelling.reason}"
    return Finding(
        RULE.name, RULE.severity, message, spelling.hint, use.source, use.span, use, use.related
    )


CHECK = Check(RULE, judge)
