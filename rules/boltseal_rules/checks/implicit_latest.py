"""``implicit-latest``: no tag, or ``latest``."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.reference import DEFAULT_TAG
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse
from boltseal_rules.sealing import is_enough, is_locked_elsewhere, unsealed

RULE = Rule("implicit-latest", Severity.WARNING)


def judge(use: ImageUse, outcome: Outcome | None) -> Finding | None:
    """A finding for a reference without a digest that means ``latest``."""
    image = use.image
    if image is None or image.is_pinned or image.tag not in (None, DEFAULT_TAG):
        return None
    if is_locked_elsewhere(use) or is_enough(use):
        return None
    said = "has no tag, which means 'latest'" if image.tag is None else "has the tag 'latest'"
    message = f"the image {said}: whatever was pushed last"
    return unsealed(RULE, use, outcome, message, "a version tag would be better")


CHECK = Check(RULE, judge)
