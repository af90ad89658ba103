"""The page of ``stale-digest``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.page import Page
from boltseal.resolve.outcome import Resolved

_OLD = "sha256:" + "0" * 64
PAGE = Page(
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
    security=True,
)
