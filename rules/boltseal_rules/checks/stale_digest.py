"""``stale-digest``: the tag beside a digest is another image now."""

from boltseal.check import Check, Rule
from boltseal.example import SHOWN_DIGEST, Example
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.seal import safety, seal
from boltseal.use import ImageUse, Opaque

_OLD = "sha256:" + "0" * 64

RULE = Rule(
    name="stale-digest",
    severity=Severity.WARNING,
    summary="The tag beside the digest is another image now.",
    what=(
        "Finds references with a tag and a digest whose registry now answers another digest for the "
        "tag. Only `boltseal fix --update` asks, so that nothing else reports it."
    ),
    why=(
        "A digest names the same bytes for ever, with the flaws that were found in them since. When "
        "its owner has pushed another image under the same tag, that is often a rebuild with the "
        "security updates of its base."
    ),
    fix=(
        "`boltseal fix --update` writes the digest that the tag has now and changes nothing else. A "
        "digest of an index is followed by that of an index. A digest of one platform is followed by "
        "the same platform's, variant included; where that is gone, the reference stays as it is and "
        "the finding says which platforms are there. The fix is safe."
    ),
    bad=(
        Example(
            "Dockerfile",
            f"FROM nginx:1.27@{_OLD}\n",
            f"FROM nginx:1.27@{SHOWN_DIGEST}\n",
            outcome=Resolved(SHOWN_DIGEST, ""),
        ),
    ),
    good=(
        Example(
            "Dockerfile",
            f"FROM nginx:1.27@{SHOWN_DIGEST}\n",
            outcome=Resolved(SHOWN_DIGEST, ""),
        ),
    ),
    references=("https://github.com/opencontainers/image-spec/blob/main/image-index.md",),
)


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
