"""``stale-digest``: the tag beside a digest is another image now."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.seal import safety, seal
from boltseal.use import ImageUse, Opaque

RULE = Rule("stale-digest", Severity.WARNING)


def judge(use: ImageUse, outcome: Outcome | None) -> Finding | None:
    """A finding for a sealed reference whose tag is known to be another image."""
    image = use.image
    if image is None or image.digest is None or image.tag is None:
        return None
    if not isinstance(outcome, Resolved) or outcome.digest == image.digest:
        return None
    level = safety(use)
    return Finding(
        RULE.name,
        RULE.severity,
        f"the tag '{image.tag}' is another image now: {outcome.digest}",
        "run 'boltseal fix --update' to seal it anew" if level else _unwritable(use),
        use.source,
        use.span,
        use,
        use.related,
        level,
        seal(use, outcome.digest) if level else None,
    )


def _unwritable(use: ImageUse) -> str:
    if isinstance(use.spelling, Opaque):
        return f"not rewritten: {use.spelling.reason}; {use.spelling.hint}"
    return (
        "not rewritten: its digest does not stand there letter by letter; write the new one by hand"
    )


CHECK = Check(RULE, judge)
