"""Values of Helm charts: images as one string, or spread over registry, repository, tag, digest."""

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse, Split
from boltseal_rules.formats.yaml_tree import documents
from boltseal_rules.helm.values import value_uses
from boltseal_rules.image_keys import is_image_key
from boltseal_rules.kubernetes.skaffold_builds import pulled
from boltseal_rules.signs import claims

NAME = "helm-values"


def find(source: Source) -> Found | None:
    """The images of a values file; None where neither its name nor an image in parts shows one."""
    found: list[ImageUse] = []
    problems = []
    for document in documents(source):
        if document.problem:
            problems.append(document.problem)
        found += value_uses(source, NAME, document.root)
    if not claims(NAME, source.path) and not any(map(_is_announced, found)):
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
