"""The guide of ``places/dockerfile.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Dockerfiles and Containerfiles: FROM, ARG, COPY --from, RUN --mount, ONBUILD, # syntax=",
    finds=(
        "`FROM`, also where an `ARG` before the first `FROM` is the whole of it",
        "`COPY --from` and `ADD --from` of an image, `RUN --mount=from=` (every mount)",
        "`ONBUILD` before any of these",
        "`# syntax=` in any line of the directives",
    ),
    rewrites="the reference where it is written out: in the instruction, as the default of "
    "`${X:-…}`, or in the one `ARG` that is the whole of it",
    passes_over=(
        "`scratch`, names and numbers of stages, in any letter case",
        "what stands in a heredoc",
        "references put together from several variables: reported, never rewritten",
    ),
    examples=(
        Example(
            "Dockerfile",
            "ARG BASE=python:3.12\nFROM ${BASE} AS app\nCOPY --from=busybox:1.36 /bin/sh /\n",
            f"ARG BASE=python:3.12@{SHOWN_DIGEST}\nFROM ${{BASE}} AS app\n"
            f"COPY --from=busybox:1.36@{SHOWN_DIGEST} /bin/sh /\n",
        ),
    ),
    peers=Peers(
        renovate="FROM, COPY --from, first RUN mount, ARG, syntax on line 1; also inside heredocs",
        dependabot="FROM on one line, no ARG",
        frizbee="FROM in upper case",
        pindock="FROM, COPY --from, RUN mount; ARG skipped; also inside heredocs",
    ),
)
