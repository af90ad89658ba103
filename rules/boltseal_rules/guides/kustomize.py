"""The guide of ``places/kustomize.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_ENTRY = "images:\n  - name: web\n    newName: registry.example.com/web\n    newTag: 1.4.2\n"

GUIDE = Guide(
    "Kustomizations: the images that they put in the place of others",
    finds=(
        "`images[]`: `newName` (or `name`) with `newTag` or `digest`",
        "`helmCharts[].valuesInline`, read like a values file; OCI charts are listed",
        "`patches[].patch`, `patchesStrategicMerge[]`, `patchesJson6902[].patch` in its text",
        "JSON patches in files of their own, under any name",
    ),
    rewrites="`digest`, which is filled in or added behind `newTag`; the tag stays. Kustomize 5 "
    "writes tag and digest behind the name, older ones the digest alone. A reference in a patch "
    "is rewritten in place",
    passes_over=(
        "an entry that only renames: a note",
        "names in patches that an entry replaces",
        "`generators` and `transformers`",
    ),
    examples=(
        Example(
            "kustomization.yaml",
            f"resources: [deployment.yaml]\n{_ENTRY}",
            f"resources: [deployment.yaml]\n{_ENTRY}    digest: {SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(
        renovate="`images[]`, but none with tag and digest; a digest goes into `newTag`; no patches",
    ),
)
