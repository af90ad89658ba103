"""The guide of ``places/buildkite.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Buildkite: everything below `.buildkite`, and `buildkite.yml`",
    finds=(
        "`image` of the `docker` plugin, containers of the `kubernetes` plugin",
        "`image` of the pipeline and of steps, `agents.image` where the agents are containers",
        "defaults (`${X:-image}`), and `env` of the pipeline that is fed to an image",
    ),
    rewrites="the reference in place, or the variable's value or default",
    passes_over=("images of virtual machines; repositories to which plugins push",),
    examples=(
        Example(
            ".buildkite/pipeline.yml",
            "steps:\n  - command: make\n    plugins:\n      - docker#v5.13.0:\n"
            "          image: golang:1.24\n",
            "steps:\n  - command: make\n    plugins:\n      - docker#v5.13.0:\n"
            f"          image: golang:1.24@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(renovate="plugins' versions only", frizbee="`image:` text in any YAML"),
)
