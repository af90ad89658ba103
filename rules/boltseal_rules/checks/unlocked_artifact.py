"""``unlocked-artifact``: an artifact that only a lock file can pin, and none does."""

from boltseal.check import Check, Rule
from boltseal.example import Example
from boltseal.finding import Finding, Severity
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse, Opaque

RULE = Rule(
    name="unlocked-artifact",
    severity=Severity.NOTE,
    summary="An artifact is named by a tag, and no lock file pins it.",
    what=(
        "Points out artifacts that come from a registry, are no images, and are pinned by a lock "
        "file or not at all: the features of a development container."
    ),
    why=(
        "A feature is a set of scripts that run as root while the container is built. Its tag is "
        "most often a major version, which moves with every release, so that two people who build "
        "the same commit can run different scripts."
    ),
    fix=(
        "Not fixable by boltseal: a digest in the name of a feature hides its version from the "
        "tools that update it. Run `devcontainer upgrade`, which writes `devcontainer-lock.json` "
        "with the digest of every feature, and commit that file."
    ),
    bad=(
        Example(
            ".devcontainer/devcontainer.json",
            '{\n  "features": {\n    "ghcr.io/devcontainers/features/go:1": {}\n  }\n}\n',
        ),
    ),
    good=(
        Example(
            ".devcontainer/devcontainer.json",
            '{\n  "features": {\n    "./features/local": {}\n  }\n}\n',
        ),
    ),
    references=("https://containers.dev/implementors/features/#lockfiles",),
)


def judge(use: ImageUse, _outcome: Outcome | None) -> Finding | None:
    """A note for an artifact without a digest that only a lock file can pin."""
    spelling, image = use.spelling, use.image
    if image is None or image.is_pinned or not isinstance(spelling, Opaque):
        return None
    if not spelling.lockable:
        return None
    message = f"no lock file pins this artifact: {use.text}"
    return Finding(
        RULE.name, RULE.severity, message, spelling.hint, use.source, use.span, use, use.related
    )


CHECK = Check(RULE, judge)
