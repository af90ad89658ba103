"""The guide of ``places/kubernetes.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Kubernetes manifests, YAML or JSON, under any file name",
    finds=(
        "containers, init, ephemeral and sidecar containers, wherever they stand in an object",
        "image volumes (`image.reference`)",
        "images spread over keys (`repository` and `tag`) in custom resources",
        "a parameter of an OpenShift template that is the whole of an image",
    ),
    rewrites="the reference in place; a `digest` key that is there and empty; a parameter's value",
    passes_over=(
        "`rbd` devices, file names, `status`, annotations, schemas of custom resources",
        "a name that a kustomization in the tree replaces: judged there, whatever tag stands here",
    ),
    examples=(
        Example(
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
            f"    - image: nginx:1.27@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(
        renovate="`image:` lines, no files by default; image volumes",
        dependabot="`image` keys in files whose first document is an object",
        frizbee="`image:` text in any YAML",
    ),
)
