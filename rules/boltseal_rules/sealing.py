"""What checks of unsealed references share: how the finding is put into words."""

from boltseal.check import Rule
from boltseal.edit import Safety
from boltseal.finding import Finding
from boltseal.reference import DEFAULT_TAG
from boltseal.resolve.outcome import Outcome, Resolved, Unresolved
from boltseal.seal import safety, seal
from boltseal.use import ImageUse, Opaque, Requirement, Split, Whole


def is_locked_elsewhere(use: ImageUse) -> bool:
    """Whether it cannot be pinned where it is named: a lock file does that."""
    return isinstance(use.spelling, Opaque) and use.spelling.lockable


def is_enough(use: ImageUse) -> bool:
    """Whether a policy takes the reference without a digest."""
    if use.required is Requirement.TAG:
        return use.image is not None and use.image.tag not in (None, DEFAULT_TAG)
    return use.required is Requirement.ANY


def unsealed(
    rule: Rule, use: ImageUse, outcome: Outcome | None, message: str, advice: str = ""
) -> Finding:
    """A finding about a reference without a digest, with its fix where the digest is known."""
    level = safety(use)
    fix = seal(use, outcome.digest) if level and isinstance(outcome, Resolved) else None
    unresolved = isinstance(outcome, Unresolved)
    if use.image and use.text != use.image.original:
        message += f" (it expands to {use.image.original})"
    elif isinstance(use.spelling, Split):
        message += f" ({use.text})"
    hint = _hint(use, level, outcome)
    return Finding(
        rule.name,
        rule.severity,
        message,
        f"{hint}; {advice}" if advice else hint,
        use.source,
        use.span,
        use,
        use.related,
        level,
        fix,
        unresolved,
    )


def _hint(use: ImageUse, level: Safety | None, outcome: Outcome | None) -> str:
    if isinstance(outcome, Unresolved):
        return f"not sealed: {outcome.reason}; {outcome.hint}"
    if isinstance(use.spelling, Opaque):
        return f"not rewritten: {use.spelling.reason}; {use.spelling.hint}"
    if level is Safety.UNSAFE:
        return _unsafe_hint(use)
    return "run 'boltseal fix' to seal it to its digest"


def _unsafe_hint(use: ImageUse) -> str:
    if isinstance(use.spelling, Whole):
        return (
            f"a digest can break what else reads it: {use.spelling.objection}; "
            "'boltseal fix --unsafe-fixes' writes it all the same"
        )
    if isinstance(use.spelling, Split) and use.spelling.tag_changes:
        return (
            "the tag is read as a number and printed as another one; quote it as "
            f"\"{use.spelling.tag_text}\", or run 'boltseal fix --unsafe-fixes' to quote and seal it"
        )
    if isinstance(use.spelling, Split) and use.spelling.objection:
        return (
            f"a digest behind the tag can break the chart: {use.spelling.objection}; "
            "'boltseal fix --unsafe-fixes' writes it all the same"
        )
    return (
        "add an empty 'digest' key if the chart knows one, then run 'boltseal fix'; "
        "'boltseal fix --unsafe-fixes' writes the digest behind the tag, which some charts cannot take"
    )
