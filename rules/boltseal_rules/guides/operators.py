"""The guide of ``kinds/operators.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_CLUSTER = (
    "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nspec:\n"
    "  imageName: registry.example.com/postgresql:17.2{}\n"
)

GUIDE = Guide(
    "Objects of widely used operators: Prometheus, Strimzi, CloudNativePG, KubeVirt, OLM and others",
    finds=(
        "keys of an operator's own (`imageName`, `dockerImage`, `spec.kafka.image`), bare names too",
        "what KubeVirt and KServe name by `docker://` and `oci://`",
        "packages of Crossplane and modules of Kubewarden, which are artifacts",
        "images spread over an operator's own keys (`baseImage`, `tag`, `sha`)",
    ),
    rewrites="the reference in place; an empty digest key; behind the tag, and behind "
    "`docker://`, only with `--unsafe-fixes`",
    passes_over=(
        "what a build pushes (`spec.build.output`)",
        "patterns of policies (Kyverno, Gatekeeper), disks, machine images of clouds",
        "a hub or a version to which the operator adds a part: a note",
    ),
    examples=(Example("cluster.yaml", _CLUSTER.format(""), _CLUSTER.format(f"@{SHOWN_DIGEST}")),),
    peers=Peers(
        renovate="`spec.package` of Crossplane; else `image:` lines",
        dependabot="`image` keys",
        frizbee="`image:` text in any YAML",
    ),
)
