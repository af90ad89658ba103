"""``.argocd-source.yaml``: what Argo CD, and its image updater, put over an application's source.

https://argo-cd.readthedocs.io/en/stable/user-guide/parameters/#store-overrides-in-git
"""

from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, documents
from boltseal_rules.kinds.argo_cd import source_uses
from boltseal_rules.text_use import distinct

NAME = "argo-cd-overrides"


def find(source: Source) -> Found | None:
    """The images that a file of overrides names."""
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    for document in documents(source):
        if document.problem:
            problems.append(document.problem)
        if isinstance(document.root, Mapping):
            uses += source_uses(source, NAME, document.root)
    return Found(distinct(uses), tuple(problems))
