"""The guide of ``places/compose_env.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "`.env` beside Compose files",
    finds=("a variable that is the whole of an image in a Compose file of the same folder",),
    rewrites="the value where it is written",
    passes_over=(
        "variables that no image is, and those that a service with `build` is named by",
        "a variable that is read for something else too: reported, not rewritten",
        "other files of variables (`--env-file`), and what git ignores",
    ),
    examples=(
        Example(
            ".env",
            "PROXY=traefik:v3.5\n",
            f"PROXY=traefik:v3.5@{SHOWN_DIGEST}\n",
            (("compose.yaml", "services:\n  proxy:\n    image: ${PROXY}\n"),),
        ),
    ),
    peers=Peers(),
)
