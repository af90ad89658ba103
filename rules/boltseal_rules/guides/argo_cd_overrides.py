"""The guide of ``places/argo_cd_overrides.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_OVERRIDES = "kustomize:\n  images:\n    - registry.example.com/web:1.4.2{}\n"

GUIDE = Guide(
    "Overrides of Argo CD: `.argocd-source.yaml` and `.argocd-source-NAME.yaml`",
    finds=(
        "`kustomize.images[]`, patches",
        "`helm.parameters[]`, `values` and `valuesObject`, as in an Application",
    ),
    rewrites="the reference in place. Where the image updater writes the tag, let it write the "
    "digest too",
    passes_over=("half a reference: a parameter that sets a tag alone is a note",),
    examples=(
        Example(
            ".argocd-source-web.yaml",
            _OVERRIDES.format(""),
            _OVERRIDES.format(f"@{SHOWN_DIGEST}"),
        ),
    ),
    peers=Peers(),
)
