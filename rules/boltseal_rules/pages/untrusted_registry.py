"""The page of ``untrusted-registry``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.page import Page

_TRUSTED = (
    "boltseal.toml",
    'trusted-registries = ["registry.example.com", "ghcr.io/example"]\n',
)
_UNTRUSTED = ("boltseal.toml", 'untrusted-registries = ["*.example.net"]\n')
_OWN = f"FROM registry.example.com/base@{SHOWN_DIGEST}\n"
PAGE = Page(
    summary="The image comes from a registry that the configuration does not allow.",
    what=(
        "Finds images, sealed ones too, whose registry or part of a registry is among the "
        "`untrusted-registries` of the configuration, or not among its `trusted-registries` where "
        "there are any. Without either list nothing is reported. An image that cannot be known "
        "from the file is not judged."
    ),
    why=(
        "A digest says which image is meant, not who made it. A team that reviews and scans what "
        "comes into its own registry wants to hear of an image that went around it; a name that is "
        "one letter off, or leaves the registry out and so means Docker Hub, looks like any other "
        "in a review."
    ),
    fix=(
        "Not fixable by itself: nothing tells where else the image is. Copy it to a registry that "
        "is trusted and name it there, or add the registry, or the part of it that you need, to "
        "`trusted-registries`."
    ),
    bad=(
        Example("Dockerfile", f"FROM ghcr.io/exampel/base@{SHOWN_DIGEST}\n", beside=(_TRUSTED,)),
        Example(
            "compose.yaml",
            f"services:\n  web:\n    image: mirror.example.net/nginx@{SHOWN_DIGEST}\n",
            beside=(_UNTRUSTED,),
        ),
    ),
    good=(
        Example("Dockerfile", _OWN, beside=(_TRUSTED,)),
        Example("Dockerfile", _OWN, beside=(_UNTRUSTED,)),
    ),
    references=("https://csrc.nist.gov/pubs/sp/800/190/final",),
    security=True,
)
