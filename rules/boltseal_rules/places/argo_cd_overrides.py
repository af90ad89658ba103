"""``.argocd-source.yaml``: what Argo CD, and its image updater, put over an application's source.

https://argo-cd.readthedocs.io/en/stable/user-guide/parameters/#store-overrides-in-git
"""

import re

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.place import Found, Guide, Peers, Place
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, documents
from boltseal_rules.kinds.argo_cd import source_uses
from boltseal_rules.literal import distinct

NAME = "argo-cd-overrides"
_FILE = re.compile(r"(?:^|/)\.argocd-source(?:-[^/]+)?\.ya?ml$")


def find(source: Source) -> Found | None:
    """The images that a file of overrides names."""
    if not _FILE.search(source.path):
        return None
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    for document in documents(source):
        if document.problem:
            problems.append(document.problem)
        if isinstance(document.root, Mapping):
            uses += source_uses(source, NAME, document.root)
    return Found(distinct(uses), tuple(problems))


_OVERRIDES = "kustomize:\n  images:\n    - registry.example.com/web:1.4.2{}\n"
PLACE = Place(
    NAME,
    "Overrides of Argo CD: `.argocd-source.yaml` and `.argocd-source-NAME.yaml`",
    lambda path: _FILE.search(path) is not None,
    (b"mage", b"MAGE", b"repo", b"Repo", b"REPO"),
    find,
    Guide(
        finds=(
            "`kustomize.images[]`, patches",
            "`helm.parameters[]`, `values` and `valuesObject`, as in an Application",
        ),
        rewrites="the reference in place. Where the image updater writes the tag, let it write the "
        "digest too",
        passes_over=("half a reference: a parameter that sets a tag alone is a note",),
        examples=(
            Example(
                ".argocd-source-web.yaml",
                _OVERRIDES.format(""),
                _OVERRIDES.format(f"@{SHOWN_DIGEST}"),
            ),
        ),
        peers=Peers(),
    ),
)
