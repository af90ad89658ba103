"""The guide of ``kinds/openshift.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_STREAM = (
    "apiVersion: image.openshift.io/v1\nkind: ImageStream\nspec:\n  tags:\n    - name: latest\n"
    "      from:\n        kind: DockerImage\n        name: registry.example.com/web:1.4{}\n"
)

GUIDE = Guide(
    "OpenShift: image streams, builds, deployment configs",
    finds=(
        "`from` of the kind `DockerImage` in image streams and builds",
        "a Dockerfile in `spec.source.dockerfile`",
    ),
    rewrites="the reference in place",
    passes_over=(
        "what a build pushes; tags of image streams",
        "containers that a trigger fills in from an image stream",
        "the base of a Dockerfile that the build replaces",
    ),
    examples=(Example("stream.yaml", _STREAM.format(""), _STREAM.format(f"@{SHOWN_DIGEST}")),),
    peers=Peers(
        renovate="`image:` lines",
        dependabot="`image` keys",
        frizbee="`image:` text in any YAML",
    ),
)
