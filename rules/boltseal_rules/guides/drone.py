"""The guide of ``places/drone.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Drone: `.drone.yml` and its kin, of version 1 and 0.8",
    finds=(
        "`steps[].image`, `services[].image` in every document",
        "the mappings by name of version 0.8, with `matrix` values that are fed to an image",
    ),
    rewrites="the reference in place, or the value of the matrix that is the whole of it",
    passes_over=("pipelines of the types `exec`, `ssh` and the like; secrets, signatures",),
    examples=(
        Example(
            ".drone.yml",
            "kind: pipeline\ntype: docker\nname: test\nsteps:\n"
            "  - name: test\n    image: golang:1.24\n",
            "kind: pipeline\ntype: docker\nname: test\nsteps:\n"
            f"  - name: test\n    image: golang:1.24@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(
        renovate="`image:` lines",
        frizbee="`image:` text in any YAML",
        ratchet="steps and services",
    ),
)
