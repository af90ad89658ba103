"""The guide of ``places/azure_pipelines.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Azure Pipelines and their templates, by name or by shape",
    finds=(
        "`resources.containers[].image`, `container` and `services` of jobs",
        "defaults of parameters, variables and matrix entries that are fed to these",
        "arguments that a template in the repository puts there",
    ),
    rewrites="the reference in place, or the value that is the whole of it",
    passes_over=(
        "`vmImage`, names of container resources, inputs and outputs of tasks",
        "a bare word in a file with templates or resources, which may name a resource",
    ),
    examples=(
        Example(
            "azure-pipelines.yml",
            "pool: {vmImage: ubuntu-24.04}\ncontainer: node:22\nsteps:\n  - script: make\n",
            "pool: {vmImage: ubuntu-24.04}\n"
            f"container: node:22@{SHOWN_DIGEST}\nsteps:\n  - script: make\n",
        ),
    ),
    peers=Peers(
        renovate="`resources.containers[].image` if switched on",
        frizbee="`image:` text in any YAML",
    ),
)
