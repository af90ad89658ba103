"""The page of ``unexplained-ignore``."""

from boltseal.example import Example
from boltseal.page import Page

_REQUIRED = ("boltseal.toml", "require-reasons = true\n")
PAGE = Page(
    summary="A comment accepts findings without saying why.",
    what=(
        "Finds `boltseal: ignore` comments without a reason behind them, where the configuration "
        "has `require-reasons = true`. Without it, nothing is reported."
    ),
    why=(
        "Nobody who reads the file later can tell whether the reason still holds, so the comment "
        "stays for good."
    ),
    fix=(
        "Not fixable: only the author knows. Write the reason behind the comment: "
        "`# boltseal: ignore[mutable-tag] rebuilt every night`."
    ),
    bad=(
        Example(
            "Dockerfile", "# boltseal: ignore[mutable-tag]\nFROM nginx:1.27\n", beside=(_REQUIRED,)
        ),
    ),
    good=(
        Example(
            "Dockerfile",
            "# boltseal: ignore[mutable-tag] rebuilt every night\nFROM nginx:1.27\n",
            beside=(_REQUIRED,),
        ),
    ),
    of_files=True,
)
