"""Templates of Helm charts: never plain YAML, read around their actions."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers
from boltseal.place import Found
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.yaml_tree import masked_documents
from boltseal_rules.helm.template_lines import line_uses
from boltseal_rules.kubernetes.manifest import object_uses

NAME = "helm-template"


def find(source: Source) -> Found | None:
    """The images of a template; None where the file has no action in it or stands elsewhere."""
    if not templates.is_templated(source.text):
        return None
    uses: list[ImageUse] = []
    for document in masked_documents(source, templates.mask(source.text)):
        if document.problem:
            uses += line_uses(source, NAME, document)
        else:
            uses += object_uses(source, NAME, document.root)
    return Found(tuple(sorted(uses, key=lambda use: use.span)))


GUIDE = Guide(
    "Templates of Helm charts: literal references between the template actions",
    finds=("`image` keys with a literal reference between template actions",),
    rewrites="the reference, where the template can be read around its actions",
    passes_over=("what a value fills in: judged in the values file",),
    examples=(
        Example(
            "templates/pod.yaml",
            "{{- if .Values.test }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
            "    - image: busybox:1.36\n{{- end }}\n",
            "{{- if .Values.test }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
            f"    - image: busybox:1.36@{SHOWN_DIGEST}\n{{{{- end }}}}\n",
        ),
    ),
    peers=Peers(renovate="`image:` lines, if its file pattern is widened"),
)
