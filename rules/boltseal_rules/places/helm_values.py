"""Values of Helm charts: images as one string, or spread over registry, repository, tag, digest."""

import re

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.place import Found, Guide, Peers, Place
from boltseal.source import Source
from boltseal.use import ImageUse, Split
from boltseal_rules.formats.yaml_tree import documents
from boltseal_rules.helm.values import value_uses
from boltseal_rules.image_keys import is_image_key
from boltseal_rules.kubernetes.skaffold_builds import pulled

NAME = "helm-values"
_FILE = re.compile(r"(?:^|/)(?:[^/]*[-_.])?values(?:[-_.][^/]*)?\.ya?ml$", re.IGNORECASE)


def find(source: Source) -> Found | None:
    """The images of a values file; None where neither its name nor an image in parts shows one."""
    found: list[ImageUse] = []
    problems = []
    for document in documents(source):
        if document.problem:
            problems.append(document.problem)
        found += value_uses(source, NAME, document.root)
    if not _FILE.search(source.path) and not any(map(_is_announced, found)):
        return None
    found = sorted(pulled(source, found), key=lambda use: use.span)
    if any(isinstance(use.spelling, Split) for use in found):
        from boltseal_rules.helm.chart import traced  # only here: most runs see no chart

        found = traced(source, found)
    return Found(tuple(found), tuple(problems))


def _is_announced(use: ImageUse) -> bool:
    """Whether an image is in parts below an image key, which hardly anything but a chart does."""
    *_, parent, last = ("", *use.route.split("."))
    return is_image_key(parent) and not is_image_key(last)


PLACE = Place(
    NAME,
    "Values files of Helm charts",
    lambda path: _FILE.search(path) is not None,
    (b"mage", b"MAGE", b"repo", b"Repo", b"REPO"),
    find,
    Guide(
        finds=(
            "image keys that hold a whole reference",
            "images spread over keys: registry, repository, tag, digest, under their many names",
        ),
        rewrites="the reference; a `digest` key that is there and empty; behind the tag only with "
        "`--unsafe-fixes`, since some charts put the tag into labels or compare it",
        passes_over=("pictures and URLs", "a tag that is left to the chart: a note"),
        examples=(
            Example(
                "values.yaml",
                'image:\n  repository: registry.example.com/web\n  tag: "1.4.2"\n  digest: ""\n',
                'image:\n  repository: registry.example.com/web\n  tag: "1.4.2"\n'
                f'  digest: "{SHOWN_DIGEST}"\n',
            ),
        ),
        peers=Peers(
            renovate="`values.yaml` only; writes the digest into the tag, ignores `digest`",
            dependabot="`repository` and a text `tag`, `image` strings",
        ),
    ),
)
