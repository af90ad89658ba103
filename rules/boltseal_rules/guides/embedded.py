"""The guide of ``places/embedded.py``."""

from boltseal.example import Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Manifests and Compose files in the texts of others: blocks of YAML, heredocs of scripts",
    finds=(
        "Kubernetes objects, lists of them, Compose files in any text of several lines of a YAML file",
        "the same in heredocs of shell scripts, whatever command they are for",
    ),
    rewrites="the reference in a literal block (`|`), and in a heredoc whose delimiter is quoted"
    " or in which there is no `$`, backquote or backslash",
    passes_over=(
        "texts that are no such object, whatever keys they have",
        "texts that a template or a shell fills in: reported, never rewritten",
    ),
    examples=(
        Example(
            "setup.sh",
            "kubectl apply -f - <<'EOF'\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
            "    - image: nginx:1.27\nEOF\n",
        ),
        Example(
            "job.yaml",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  pod.yaml: |\n    apiVersion: v1\n"
            "    kind: Pod\n    spec:\n      containers:\n        - image: nginx:1.27\n",
        ),
    ),
    peers=Peers(
        frizbee="`image:` text in any YAML, in blocks too",
        pindock="`image:` lines of Compose files; also in block scalars",
    ),
)
