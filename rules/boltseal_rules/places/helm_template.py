"""Templates of Helm charts: never plain YAML, read around their actions."""

import re

from boltseal.place import Found, Place
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.yaml_tree import masked_documents
from boltseal_rules.manifest import object_uses
from boltseal_rules.template_lines import line_uses

NAME = "helm-template"
_FILE = re.compile(r"(?:^|/)templates/(?:.*/)?[^/]+\.(?:ya?ml|tpl)$", re.IGNORECASE)


def find(source: Source) -> Found | None:
    """The images of a template; None where the file has no action in it or stands elsewhere."""
    if not _FILE.search(source.path) or not templates.is_templated(source.text):
        return None
    uses: list[ImageUse] = []
    for document in masked_documents(source, templates.mask(source.text)):
        if document.problem:
            uses += line_uses(source, NAME, document)
        else:
            uses += object_uses(source, NAME, document.root)
    return Found(tuple(sorted(uses, key=lambda use: use.span)))


PLACE = Place(
    NAME,
    "Templates of Helm charts: literal references between the template actions",
    lambda path: _FILE.search(path) is not None,
    (b"image",),
    find,
)
