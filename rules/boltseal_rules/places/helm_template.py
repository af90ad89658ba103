"""Templates of Helm charts: never plain YAML, read around their actions."""

from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.template_mask import mask
from boltseal_rules.formats.yaml_tree import masked_documents
from boltseal_rules.helm.template_lines import line_uses
from boltseal_rules.kubernetes.manifest import object_uses

NAME = "helm-template"


def find(source: Source) -> Found | None:
    """The images of a template; None where the file has no action in it or stands elsewhere."""
    if not templates.is_templated(source.text):
        return None
    uses: list[ImageUse] = []
    for document in masked_documents(source, mask(source.text)):
        if document.problem:
            uses += line_uses(source, NAME, document)
        else:
            uses += object_uses(source, NAME, document.root)
    return Found(tuple(sorted(uses, key=lambda use: use.span)))
