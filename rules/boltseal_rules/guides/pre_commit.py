"""The guide of ``places/pre_commit.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_CONFIG = (
    "repos:\n  - repo: local\n    hooks:\n      - id: shellcheck\n        name: shellcheck\n"
    "        language: docker_image\n        entry: koalaman/shellcheck:v0.11.0{} --color\n"
)

GUIDE = Guide(
    "pre-commit: hooks of the language `docker_image`",
    finds=("the image at the beginning of `entry`, behind options such as `--entrypoint`",),
    rewrites="the reference in place",
    passes_over=("hooks of the language `docker`, which build their image",),
    examples=(
        Example(".pre-commit-config.yaml", _CONFIG.format(""), _CONFIG.format(f"@{SHOWN_DIGEST}")),
    ),
    peers=Peers(),
)
