"""The guide of ``places/kubeflow_pipelines.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_PIPELINE = (
    "deploymentSpec:\n  executors:\n    exec-train:\n      container:\n"
    "        image: python:3.12{}\nschemaVersion: 2.1.0\n"
)

GUIDE = Guide(
    "Kubeflow Pipelines: compiled pipelines and component files",
    finds=(
        "`deploymentSpec.executors.*.container.image` of a compiled pipeline",
        "`implementation.container.image` of a component",
    ),
    rewrites="the reference in place",
    passes_over=("images inside the arguments of a component",),
    examples=(
        Example("pipeline.yaml", _PIPELINE.format(""), _PIPELINE.format(f"@{SHOWN_DIGEST}")),
    ),
    peers=Peers(frizbee="`image:` text in any YAML"),
)
