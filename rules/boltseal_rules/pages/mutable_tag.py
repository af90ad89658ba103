"""The page of ``mutable-tag``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.page import Page

PAGE = Page(
    summary="The image is named by a tag, and tags move.",
    what=(
        "Finds references that name a tag and no digest. A `[[policy]]` of the configuration that "
        "requires a `tag`, or `any`, tolerates them."
    ),
    why=(
        "A tag is a name that its owner can point at another image at any time. What was scanned "
        "this morning and what is deployed this afternoon can then be two different images. A "
        "digest is the hash of the image itself: it names the same bytes for ever."
    ),
    fix=(
        "boltseal asks the registry for the digest and writes it behind the tag: "
        "`nginx:1.27@sha256:…`. The tag stays, so that people and update bots can still read the "
        "version; engines pull by the digest. The digest is that of the index where the image has "
        "one, so that every platform keeps working. The fix is safe, except where something else "
        "reads the same text: a script that takes a variable apart, a reader that takes no digest "
        "beside a tag, a Helm chart that has no digest key and whose templates put the tag anywhere "
        "but into image strings. The finding then says what it is, and the fix is unsafe."
    ),
    bad=(
        Example("Dockerfile", "FROM nginx:1.27\n", f"FROM nginx:1.27@{SHOWN_DIGEST}\n"),
        Example(
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: nginx:1.27\n",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n"
            f"      image: nginx:1.27@{SHOWN_DIGEST}\n",
        ),
    ),
    good=(
        Example("Dockerfile", f"FROM nginx:1.27@{SHOWN_DIGEST}\n"),
        Example(
            "Dockerfile",
            "FROM registry.example.com/team/app:1.27\n",
            beside=(
                (
                    "boltseal.toml",
                    '[[policy]]\nrequire = "tag"\nimages = ["registry.example.com/team/**"]\n',
                ),
            ),
        ),
    ),
    references=("https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests",),
    security=True,
)
