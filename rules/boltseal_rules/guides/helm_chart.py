"""The guide of ``places/helm_chart.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide

_CHART = (
    "apiVersion: v2\nname: web\nversion: 1.0.0\nannotations:\n  artifacthub.io/images: |\n"
    "    - name: web\n      image: registry.example.com/web:1.4.2{}\n"
)

GUIDE = Guide(
    "Chart.yaml: images listed for Artifact Hub, OCI charts among the dependencies",
    finds=(
        "the list of images in the annotation `artifacthub.io/images`",
        "dependencies with `repository: oci://`, which are listed",
    ),
    rewrites="the reference in the annotation's block of text",
    passes_over=("`appVersion`", "dependencies in repositories of other kinds"),
    examples=(Example("Chart.yaml", _CHART.format(""), _CHART.format(f"@{SHOWN_DIGEST}")),),
)
