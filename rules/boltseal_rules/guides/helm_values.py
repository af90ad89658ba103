"""The guide of ``places/helm_values.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Values files of Helm charts",
    finds=(
        "image keys that hold a whole reference",
        "images spread over keys: registry, repository, tag, digest, under their many names",
    ),
    rewrites="the reference; a `digest` key that is there and empty; behind the tag only with "
    "`--unsafe-fixes`, since some charts put the tag into labels or compare it",
    passes_over=("pictures and URLs", "a tag that is left to the chart: a note"),
    examples=(
        Example(
            "values.yaml",
            'image:\n  repository: registry.example.com/web\n  tag: "1.4.2"\n  digest: ""\n',
            'image:\n  repository: registry.example.com/web\n  tag: "1.4.2"\n'
            f'  digest: "{SHOWN_DIGEST}"\n',
        ),
    ),
    peers=Peers(
        renovate="`values.yaml` only; writes the digest into the tag, ignores `digest`",
        dependabot="`repository` and a text `tag`, `image` strings",
    ),
)
