"""The page of ``invalid-reference``."""

from boltseal.example import Example
from boltseal.page import Page

PAGE = Page(
    summary="The text is not an image reference.",
    what="Finds text that stands where an image is named and that no engine can read as a reference.",
    why="A build or a deployment with it fails, or a script fills in something nobody sees here.",
    fix="Not fixable: write the reference as `registry.example.com/name:tag@sha256:…`.",
    bad=(Example("Dockerfile", "FROM Registry.example.com/Web:1.0\n"),),
    good=(Example("Dockerfile", f"FROM registry.example.com/web@sha256:{'0' * 64}\n"),),
    references=("https://pkg.go.dev/github.com/distribution/reference",),
)
