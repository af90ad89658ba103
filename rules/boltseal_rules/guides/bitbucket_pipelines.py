"""The guide of ``places/bitbucket_pipelines.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Bitbucket Pipelines",
    finds=(
        "`image` and `image.name`, of the file, of steps and of `definitions.services`",
        "`pipe: docker://…`, and defaults of variables that are fed to an image",
    ),
    rewrites="the reference in place",
    passes_over=("`pipe: account/name:1.2.3`, which is a repository and no image",),
    examples=(
        Example(
            "bitbucket-pipelines.yml",
            "image: node:22\npipelines:\n  default:\n    - step: {script: [make]}\n",
            f"image: node:22@{SHOWN_DIGEST}\n"
            "pipelines:\n  default:\n    - step: {script: [make]}\n",
        ),
    ),
    peers=Peers(
        renovate="`image:` lines, `image.name`, `pipe: docker://`; no trailing comments",
        frizbee="`image:` text in any YAML",
    ),
)
