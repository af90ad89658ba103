"""The guide of ``places/jenkinsfile.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide

GUIDE = Guide(
    "Jenkins pipelines: `Jenkinsfile` and Groovy with pipeline steps in it",
    finds=(
        "`agent { docker … }` in both forms, `docker.image('…')`, with the registry around it",
        "`containerTemplate(image: '…')`, and containers in a literal `yaml '''…'''`",
    ),
    rewrites="the reference in a literal string, also in that of the variable that holds it",
    passes_over=(
        "`docker.build`, what it builds, what is pushed, `dockerfile`",
        "comments and other strings",
    ),
    examples=(
        Example(
            "Jenkinsfile",
            "pipeline {\n  agent { docker { image 'maven:3.9' } }\n}\n",
            f"pipeline {{\n  agent {{ docker {{ image 'maven:3.9@{SHOWN_DIGEST}' }} }}\n}}\n",
        ),
    ),
)
