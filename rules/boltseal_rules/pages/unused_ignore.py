"""The page of ``unused-ignore``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.page import Page

PAGE = Page(
    summary="A comment accepts findings, and there are none.",
    what=(
        "Finds `boltseal: ignore` comments that accept nothing: where none of the rules that they "
        "name has anything to say, and where they name a rule that does not exist. A rule that was "
        "not asked in a run is not counted, so a comment for `stale-digest` is not reported by "
        "`boltseal check`. A comment that names no rule is reported where no rule that `check` "
        "asks finds anything. The comments of other programs are not reported."
    ),
    why=(
        "The image that was accepted is gone, or sealed by now. The comment would go on to accept "
        "whatever is written in its place."
    ),
    fix=(
        "Not fixable by boltseal: delete the comment, or the name in it. Where one has to stay, "
        "`boltseal: ignore-file[unused-ignore] reason` accepts it for the file."
    ),
    bad=(
        Example(
            "Dockerfile",
            f"# boltseal: ignore[mutable-tag] until July\nFROM nginx:1.27@{SHOWN_DIGEST}\n",
        ),
        Example(
            "compose.yaml",
            f"services:\n  web:\n    image: nginx@{SHOWN_DIGEST}  # boltseal: ignore[mutable-tags]\n",
        ),
    ),
    good=(Example("Dockerfile", "# boltseal: ignore[mutable-tag] until July\nFROM nginx:1.27\n"),),
    of_files=True,
)
