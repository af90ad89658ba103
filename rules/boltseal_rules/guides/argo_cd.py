"""The guide of ``kinds/argo_cd.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_EXAMPLE = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    kustomize:\n"
    "      images:\n        - web=registry.example.com/web:1.4.2{}\n"
)

GUIDE = Guide(
    "Argo CD: images and values of an Application or ApplicationSet",
    finds=(
        "`source.kustomize.images[]` and patches, also of each of `sources`",
        "`source.helm.parameters[]`: names that belong together are one image",
        "`source.helm.values` and `valuesObject`, read like a values file; OCI charts are listed",
    ),
    rewrites="the reference in place; values like those of a values file, also in a block of text",
    passes_over=(
        "what a template of an ApplicationSet fills in",
        "half a reference: a parameter that sets a tag alone is a note",
    ),
    examples=(Example("app.yaml", _EXAMPLE.format(""), _EXAMPLE.format(f"@{SHOWN_DIGEST}")),),
    peers=Peers(renovate="`kustomize.images` behind '=', pins none by default; OCI charts"),
)
