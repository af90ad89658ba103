"""The guide of ``places/docker_bake.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Bake files of Docker Buildx: docker-bake.hcl, docker-bake.json, *.bake.hcl",
    finds=(
        "`target.*.contexts` with `docker-image://`",
        "`target.*.args` that are the whole of a `FROM` in the target's Dockerfile",
        "`dockerfile-inline`, in a heredoc or a string",
        "the default of a variable that is the whole of any of these",
    ),
    rewrites="the reference where it is written out: in the target, or in the variable",
    passes_over=(
        "`tags` and `output`: what a build makes",
        "`cache-from` and `cache-to`: meant to change",
        "contexts that are folders, other targets, or addresses",
    ),
    examples=(
        Example(
            "docker-bake.hcl",
            'variable "GO" {\n  default = "golang:1.23"\n}\ntarget "app" {\n  contexts = {\n'
            '    go = "docker-image://${GO}"\n    base = "docker-image://alpine:3.20"\n  }\n}\n',
            f'variable "GO" {{\n  default = "golang:1.23@{SHOWN_DIGEST}"\n}}\n'
            'target "app" {\n  contexts = {\n    go = "docker-image://${GO}"\n'
            f'    base = "docker-image://alpine:3.20@{SHOWN_DIGEST}"\n  }}\n}}\n',
        ),
    ),
    peers=Peers(),
)
