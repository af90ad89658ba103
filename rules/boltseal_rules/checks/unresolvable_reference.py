"""``unresolvable-reference``: what is named cannot be known from the file."""

from boltseal.check import Check, Rule
from boltseal.example import Example
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse, Opaque

RULE = Rule(
    name="unresolvable-reference",
    severity=Severity.NOTE,
    summary="The image comes from a variable without a default, or from a chart.",
    what=(
        "Points out references that cannot be known from the file: a variable that has no "
        "default, a placeholder, a Helm value whose tag is left to the chart."
    ),
    why=(
        "What boltseal cannot see it cannot judge. Such a reference may be pinned where the "
        "variable is set, or it may not: it is shown so that it is not taken for clean."
    ),
    fix="Not fixable here. Pin the reference where the variable gets its value.",
    bad=(Example("Dockerfile", "ARG BASE\nFROM ${BASE}\n"),),
    good=(Example("Dockerfile", "FROM scratch\n"),),
    references=(
        "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
    ),
)


def judge(use: ImageUse, _outcome: Outcome | None) -> Finding | None:
    """A note for a use whose reference is not known, unless a template gets it from elsewhere."""
    spelling = use.spelling
    if use.reference is not None or not isinstance(spelling, Opaque) or spelling.elsewhere:
        return None
    message = f"this image cannot be known: {spelling.reason}"
    return Finding(
        RULE.name, RULE.severity, message, spelling.hint, use.source, use.span, use, use.related
    )


CHECK = Check(RULE, judge)
