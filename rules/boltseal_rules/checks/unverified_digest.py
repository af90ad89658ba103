"""``unverified-digest``: nothing could be learned about a digest."""

from boltseal.check import Check, Rule
from boltseal.example import Example
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome, Unresolved
from boltseal.use import ImageUse

_SEALED = "sha256:" + "0" * 64

RULE = Rule(
    name="unverified-digest",
    severity=Severity.WARNING,
    summary="The digest could not be checked.",
    what=(
        "Finds sealed references about which `boltseal verify` or `boltseal fix --update` asked and "
        "got no answer: a registry that is down, a login that is missing, a tag that is gone."
    ),
    why="What was not checked is not known to be good. It is shown so that it is not taken for clean.",
    fix="Not fixable: see to what the finding names, then run the command again.",
    bad=(
        Example(
            "Dockerfile",
            f"FROM nginx:1.27@{_SEALED}\n",
            outcome=Unresolved("docker.io cannot be reached", "check the network"),
        ),
    ),
    good=(Example("Dockerfile", f"FROM nginx:1.27@{_SEALED}\n"),),
    references=(
        "https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes",
    ),
)


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
