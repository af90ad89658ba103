"""The guide of ``places/devcontainer.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

GUIDE = Guide(
    "Development containers: devcontainer.json",
    finds=(
        "`image`",
        "`build.args` whose argument is all that a `FROM` of the Dockerfile names",
        "`features` that come from a registry: artifacts, pinned by `devcontainer-lock.json`",
    ),
    rewrites="the image in place; features never, their lock file pins them",
    passes_over=(
        "features in folders, archives, and the short names of old",
        "`${localEnv:…}` and `${templateOption:…}`: reported, never rewritten",
        "`build.cacheFrom`, paths of Dockerfiles and Compose files",
    ),
    examples=(
        Example(
            ".devcontainer/devcontainer.json",
            '{\n  // the image\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm",\n}\n',
            '{\n  // the image\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm'
            f'@{SHOWN_DIGEST}",\n}}\n',
        ),
    ),
    peers=Peers(
        renovate="`image` and `features`; its presets pin neither",
        dependabot="versions of features and their lock file, no image",
    ),
)
