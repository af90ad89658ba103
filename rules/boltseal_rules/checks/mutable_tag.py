"""``mutable-tag``: a tag where a digest should be."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.reference import DEFAULT_TAG
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse
from boltseal_rules.sealing import is_enough, is_locked_elsewhere, unsealed

RULE = Rule("mutable-tag", Severity.WARNING)


def judge(use: ImageUse, outcome: Outcome | None) -> Finding | None:
    """A finding for a reference with a tag other than ``latest`` and without a digest."""
    image = use.image
    if image is None or image.is_pinned or image.tag in (None, DEFAULT_TAG):
        return None
    if is_locked_elsewhere(use) or is_enough(use):
        return None
    return unsealed(RULE, use, outcome, f"the tag '{image.tag}' can be moved to another image")


CHECK = Check(RULE, judge)
