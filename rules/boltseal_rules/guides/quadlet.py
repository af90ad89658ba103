"""The guide of ``places/quadlet.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Quadlet units of Podman: .container, .volume, .image, and their drop-ins",
    finds=(
        "`Image=` in `[Container]`, `[Volume]` and `[Image]`: the last one counts",
        "`Mount=type=image,source=…`",
    ),
    rewrites="the reference in place; behind `docker://`, and where the unit asks for automatic "
    "updates, only with `--unsafe-fixes`: Podman takes no digest there",
    passes_over=(
        "names of other units (`x.image`, `x.build`), archives and folders (`oci:`, `dir:` …)",
        "`localhost/…`, which is built on the machine",
        "specifiers (`%i`) and variables: reported, never rewritten",
    ),
    examples=(
        Example(
            "web.container",
            "[Container]\nImage=docker.io/library/nginx:1.27\n",
            f"[Container]\nImage=docker.io/library/nginx:1.27@{SHOWN_DIGEST}\n",
        ),
    ),
    peers=Peers(renovate="`Image=` in all three; not in mounts, not by section"),
)
