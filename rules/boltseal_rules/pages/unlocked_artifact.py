"""The page of ``unlocked-artifact``."""

from boltseal.example import Example
from boltseal.page import Page

PAGE = Page(
    summary="An artifact is named by a tag, and no lock file pins it.",
    what=(
        "Points out artifacts that come from a registry, are no images, and are pinned by a lock "
        "file or not at all: the features of a development container. A `[[policy]]` that requires a `tag` "
        "tolerates those with a tag other than `latest`, one that requires `any` all of them."
    ),
    why=(
        "A feature is a set of scripts that run as root while the container is built. Its tag is "
        "most often a major version, which moves with every release, so that two people who build "
        "the same commit can run different scripts."
    ),
    fix=(
        "Not fixable by boltseal: a digest in the name of a feature hides its version from the "
        "tools that update it. Run `devcontainer upgrade`, which writes `devcontainer-lock.json` "
        "with the digest of every feature, and commit that file."
    ),
    bad=(
        Example(
            ".devcontainer/devcontainer.json",
            '{\n  "features": {\n    "ghcr.io/devcontainers/features/go:1": {}\n  }\n}\n',
        ),
    ),
    good=(
        Example(
            ".devcontainer/devcontainer.json",
            '{\n  "features": {\n    "ghcr.io/devcontainers/features/go:1": {}\n  }\n}\n',
            beside=(
                (
                    "boltseal.toml",
                    '[[policy]]\nrequire = "tag"\nregistries = ["ghcr.io/devcontainers"]\n',
                ),
            ),
        ),
        Example(
            ".devcontainer/devcontainer.json",
            '{\n  "features": {\n    "./features/local": {}\n  }\n}\n',
        ),
    ),
    references=("https://containers.dev/implementors/features/#lockfiles",),
    security=True,
)
