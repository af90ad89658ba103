"""The guide of ``places/earthfile.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide

GUIDE = Guide(
    "Earthfiles: FROM, ARG, WITH DOCKER --pull",
    finds=(
        "`FROM` of an image, in the base recipe and in targets",
        "an `ARG` or `LET` that is the whole of one, by the target that sees it",
        "`WITH DOCKER --pull`, and `DOCKER PULL` of old",
    ),
    rewrites="the reference where it is written out: in the instruction or in the one `ARG` "
    "that is the whole of it",
    passes_over=(
        "other targets (`+build`, `./dir+build`), `scratch`, `FROM DOCKERFILE`",
        "what is built: `SAVE IMAGE`, `--load`",
        "images that a target is handed as an argument (`BUILD +x --image=…`)",
    ),
    examples=(
        Example(
            "Earthfile",
            "VERSION 0.8\nFROM golang:1.22\nbuild:\n  RUN go build\n  SAVE IMAGE app\n",
            f"VERSION 0.8\nFROM golang:1.22@{SHOWN_DIGEST}\nbuild:\n  RUN go build\n"
            "  SAVE IMAGE app\n",
        ),
    ),
)
