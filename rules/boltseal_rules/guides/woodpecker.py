"""The guide of ``places/woodpecker.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Woodpecker and Crow: `.woodpecker.yml`, `.woodpecker/`, `.crow.yml`, `.crow/`",
    finds=(
        "`image` of `steps`, `services`, `clone` and the older `pipeline`, lists and mappings",
        "values of the `matrix` that are fed to an image",
    ),
    rewrites="the reference in place, or the value of the matrix that is the whole of it",
    examples=(
        Example(
            ".woodpecker.yml",
            "steps:\n  - name: test\n    image: ${IMAGE}\nmatrix:\n  IMAGE:\n    - golang:1.24\n",
            "steps:\n  - name: test\n    image: ${IMAGE}\nmatrix:\n  IMAGE:\n"
            f"    - golang:1.24@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(
        renovate="`image` of `clone`, `steps`, `pipeline`, `services`; no matrix",
        frizbee="`image:` text in any YAML",
    ),
)
