"""The page of ``unresolvable-reference``."""

from boltseal.example import Example
from boltseal.page import Page

PAGE = Page(
    summary="The image comes from a variable without a default, or from a chart.",
    what=(
        "Points out references that cannot be known from the file: a variable that has no "
        "default, a placeholder, a Helm value whose tag is left to the chart. A `[[policy]]` that requires `any` of the file or the place tolerates them."
    ),
    why=(
        "What boltseal cannot see it cannot judge. Such a reference may be pinned where the "
        "variable is set, or it may not: it is shown so that it is not taken for clean."
    ),
    fix="Not fixable here. Pin the reference where the variable gets its value.",
    bad=(Example("Dockerfile", "ARG BASE\nFROM ${BASE}\n"),),
    good=(
        Example("Dockerfile", "FROM scratch\n"),
        Example(
            "tests/Dockerfile",
            "ARG BASE\nFROM ${BASE}\n",
            beside=(("boltseal.toml", '[[policy]]\nrequire = "any"\npaths = ["tests/"]\n'),),
        ),
    ),
    references=(
        "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
    ),
    security=True,
)
