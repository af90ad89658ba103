"""The page of ``implicit-latest``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.page import Page

PAGE = Page(
    summary="The image has no tag, or the tag `latest`: whatever was pushed last.",
    what=(
        "Finds references without a digest that have no tag, or the tag `latest`. Of the policies "
        "that a configuration can have, only one that requires `any` tolerates them: `tag` means "
        "one that says which version it is."
    ),
    why=(
        "Without a tag an engine pulls `latest`, the image that was pushed last under that name. "
        "It changes with every release, major ones included, and nothing in the repository says "
        "which version was meant."
    ),
    fix=(
        "boltseal asks the registry for the digest of `latest` and writes `name:latest@sha256:…`: "
        "the image you get today, now sealed, and still readable by update bots. The fix is safe. "
        "A version tag would be better: choose one, then run `boltseal fix`."
    ),
    bad=(
        Example("Dockerfile", "FROM nginx\n", f"FROM nginx:latest@{SHOWN_DIGEST}\n"),
        Example(
            "compose.yaml",
            "services:\n  web:\n    image: nginx:latest\n",
            f"services:\n  web:\n    image: nginx:latest@{SHOWN_DIGEST}\n",
        ),
        Example(
            "Dockerfile",
            "FROM alpine\n",
            f"FROM alpine:latest@{SHOWN_DIGEST}\n",
            beside=(("boltseal.toml", '[[policy]]\nrequire = "tag"\n'),),
        ),
    ),
    good=(
        Example("Dockerfile", f"FROM nginx:1.27@{SHOWN_DIGEST}\n"),
        Example("Dockerfile", f"FROM nginx@{SHOWN_DIGEST}\n"),
        Example(
            "Dockerfile",
            "FROM registry.example.com/team/app\n",
            beside=(
                (
                    "boltseal.toml",
                    '[[policy]]\nrequire = "any"\nregistries = ["registry.example.com/team"]\n',
                ),
            ),
        ),
    ),
    references=("https://docs.docker.com/reference/cli/docker/image/pull/",),
    security=True,
)
