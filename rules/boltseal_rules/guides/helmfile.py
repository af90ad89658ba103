"""The guide of ``places/helmfile.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide

_STATE = (
    "releases:\n  - name: web\n    chart: ./charts/web\n    values:\n      - image:\n"
    "          repository: registry.example.com/web\n          tag: 1.4.2\n          digest: {}\n"
)

GUIDE = Guide(
    "Helmfiles: values of the releases, in the file or set one by one",
    finds=(
        "`releases[].values[]` that are no file names, read like a values file",
        "`releases[].set[]`: names that belong together are one image",
        "`chart: oci://`, which is listed",
    ),
    rewrites="like a values file: a `digest` that is there and empty; behind the tag only with "
    "`--unsafe-fixes`",
    passes_over=("files with values: judged there", "what a template fills in"),
    examples=(Example("helmfile.yaml", _STATE.format('""'), _STATE.format(f'"{SHOWN_DIGEST}"')),),
)
