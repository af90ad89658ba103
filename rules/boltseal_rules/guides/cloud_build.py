"""The guide of ``places/cloud_build.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Google Cloud Build: `cloudbuild.yaml` and its kin, YAML or JSON",
    finds=(
        "`steps[].name`",
        "`substitutions` that are fed to a step's name",
    ),
    rewrites="the reference in place, or the substitution that is the whole of it",
    passes_over=("`images` and tags, which the build makes, also as the name of a later step",),
    examples=(
        Example(
            "cloudbuild.yaml",
            "steps:\n  - name: golang:1.24\n    args: [go, test]\n",
            f"steps:\n  - name: golang:1.24@{SHOWN_DIGEST}\n    args: [go, test]\n",
        ),
    ),
    peers=Peers(renovate="`steps[].name`", ratchet="`steps[].name`"),
)
