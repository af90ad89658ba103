"""The guide of ``places/compose.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Compose files, by name or by the shape of their services",
    finds=(
        "`services.*.image`, also from `x-` fragments, anchors and merges",
        "defaults (`${X:-image}`), variables of `.env`, image volumes, hooks",
        "`dockerfile_inline`, `additional_contexts` with `docker-image://`",
    ),
    rewrites="the reference in place, or the default of the variable that is the whole of it",
    passes_over=("what a service with `build` makes here, by its name everywhere in the file",),
    examples=(
        Example(
            "compose.yaml",
            "services:\n  web:\n    image: ${WEB:-nginx:1.27}\n",
            f"services:\n  web:\n    image: ${{WEB:-nginx:1.27@{SHOWN_DIGEST}}}\n",
        ),
    ),
    peers=Peers(
        renovate="`services.*.image`, `x-*.image`; no merges, inline Dockerfiles, image volumes",
        dependabot="`services.*.image`, first FROM of inline Dockerfiles; also what is built",
        frizbee="`image:` text in any YAML",
        pindock="`image:` lines; also in block scalars and of what is built",
    ),
)
