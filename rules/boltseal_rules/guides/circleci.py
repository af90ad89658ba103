"""The guide of ``places/circleci.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "CircleCI: everything below `.circleci`, and the sources of orbs",
    finds=(
        "`docker[].image` of executors and jobs, also in inline orbs, anchors and merges",
        "defaults of parameters, and arguments, that are fed to such an image",
    ),
    rewrites="the reference in place, or the default or argument that is the whole of it",
    passes_over=("`machine.image`, which is a virtual machine",),
    examples=(
        Example(
            ".circleci/config.yml",
            "version: 2.1\njobs:\n  test:\n    docker:\n      - image: cimg/go:1.24\n",
            "version: 2.1\njobs:\n  test:\n    docker:\n"
            f"      - image: cimg/go:1.24@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(
        renovate="executors, jobs, inline orbs, `aliases`; no parameters",
        frizbee="`image:` text in any YAML",
        ratchet="executors and jobs",
    ),
)
