"""``missing-digest``: the registry does not have the image any more."""

from boltseal.check import Check, Rule
from boltseal.example import Example
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome, Unresolved
from boltseal.use import ImageUse

_LOST = "sha256:" + "0" * 64
_GONE = Unresolved("no such digest", "it was removed", gone=True)

RULE = Rule(
    name="missing-digest",
    severity=Severity.ERROR,
    summary="The registry has no image of this digest.",
    what=(
        "Finds sealed references whose registry says that it has no image of that digest. Only "
        "`boltseal verify` and `boltseal fix --update` ask."
    ),
    why=(
        "Some registries remove images to which no tag leads any more. The next machine that does "
        "not have the image yet cannot pull it: a build or a rollout then fails, often long after "
        "the image went."
    ),
    fix=(
        "Not fixable by itself, as nothing tells what the lost image was. Remove the digest and run "
        "`boltseal fix` to seal what the tag is now, or keep a copy of what you deploy in a registry "
        "of your own."
    ),
    bad=(Example("Dockerfile", f"FROM nginx:1.27@{_LOST}\n", outcome=_GONE),),
    good=(Example("Dockerfile", f"FROM nginx:1.27@{_LOST}\n"),),
    references=(
        "https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests",
    ),
)


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
