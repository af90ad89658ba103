"""The page of ``unverified-digest``."""

from boltseal.example import Example
from boltseal.page import Page
from boltseal.resolve.outcome import Unresolved

_SEALED = "sha256:" + "0" * 64
PAGE = Page(
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
    security=True,
)
