"""``untrusted-registry``: an image of a registry that the configuration does not allow."""

from boltseal.check import Check, Rule
from boltseal.finding import Finding, Severity
from boltseal.reference import ImageReference
from boltseal.resolve.namespace import is_allowed
from boltseal.resolve.outcome import Outcome
from boltseal.use import ImageUse

RULE = Rule("untrusted-registry", Severity.ERROR)


def check(trusted: tuple[str, ...], untrusted: tuple[str, ...]) -> Check:
    """The check for a configuration: registries, or parts of them, that are trusted or are not.

    Where none is ``trusted`` all are, but for the ``untrusted``.
    """

    def judge(use: ImageUse, _outcome: Outcome | None) -> Finding | None:
        """A finding for an image, sealed or not, of a registry that is not allowed."""
        image = use.image
        if image is None:
            return None
        if part := _holding(untrusted, image):
            said = f"is in untrusted-registries, as {part!r}"
            hint = "use an image of another registry"
        elif trusted and not _holding(trusted, image):
            said = "is not in trusted-registries"
            hint = "use an image of a registry that is, or add the registry of this one"
        else:
            return None
        message = f"{image.name} {said}"
        return Finding(
            RULE.name, RULE.severity, message, hint, use.source, use.span, use, use.related
        )

    return Check(RULE, judge)


def _holding(parts: tuple[str, ...], image: ImageReference) -> str:
    """The first of some parts in which an image is; '' if it is in none."""
    return next((part for part in parts if is_allowed(frozenset({part}), image)), "")
