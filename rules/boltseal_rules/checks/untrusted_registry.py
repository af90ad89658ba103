"""``untrusted-registry``: an image of a registry that the configuration does not allow."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.resolve.namespace import is_allowed
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse

RULE = Rule("untrusted-registry", Severity.ERROR)


def check(trusted: tuple[str, ...], untrusted: tuple[str, ...]) -> Check:
    """The check for a configuration: registries, or parts of them, that are trusted or are not.

    Where none is ``trusted`` all are, but for the ``untrusted``.
    """
    allowed, forbidden = frozenset(trusted), frozenset(untrusted)

    def judge(use: ImageUse, _outcome: Outcome | None) -> Finding | None:
        """A finding for an image, sealed or not, of a registry that is not allowed."""
        image = use.image
        if image is None:
            return None
        if is_allowed(forbidden, image):
            said, hint = "is among untrusted-registries", "use an image of another registry"
        elif allowed and not is_allowed(allowed, image):
            said = "is not among trusted-registries"
            hint = "use an image of a registry that is, or add this one to the list"
        else:
            return None
        message = f"{image.name} comes from where images may not: it {said}"
        return Finding(
            RULE.name, RULE.severity, message, hint, use.source, use.span, use, use.related
        )

    return Check(RULE, judge)
