"""The guide of ``places/helm_template.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Templates of Helm charts: literal references between the template actions",
    finds=("`image` keys with a literal reference between template actions",),
    rewrites="the reference, where the template can be read around its actions",
    passes_over=("what a value fills in: judged in the values file",),
    examples=(
        Example(
            "templates/pod.yaml",
            "{{- if .Values.test }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
            "    - image: busybox:1.36\n{{- end }}\n",
            "{{- if .Values.test }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
            f"    - image: busybox:1.36@{SHOWN_DIGEST}\n{{{{- end }}}}\n",
        ),
    ),
    peers=Peers(renovate="`image:` lines, if its file pattern is widened"),
)
