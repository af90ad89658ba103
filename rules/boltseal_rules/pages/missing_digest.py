"""The page of ``missing-digest``."""

from boltseal.example import Example
from boltseal.page import Page
from boltseal.resolve.outcome import Unresolved

_LOST = "sha256:" + "0" * 64
_GONE = Unresolved("no such digest", "it was removed", gone=True)
PAGE = Page(
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
    security=True,
)
