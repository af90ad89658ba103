"""YAML that may have a template's actions in it: read as it stands, and around them where it must be."""

from collections.abc import Iterator

from boltseal.source import Source
from boltseal_rules.formats import templates
from boltseal_rules.formats.yaml_tree import IMAGE_KEY, Document, Needs, documents, masked_documents


def templated_documents(source: Source, needs: Needs = IMAGE_KEY) -> Iterator[Document]:
    """The documents of a file; one that only fails to parse for its actions is read around them.

    ``needs`` is that of ``documents``; a document in which nothing but an action says it is left
    out. Raises Unparsable where the file is not UTF-8.
    """
    plain = documents(source, needs)
    if not any(it.problem for it in plain) or not templates.is_templated(source.text):
        yield from plain
        return
    from boltseal_rules.formats.template_mask import mask  # only here: most files are plain

    masked = masked_documents(source, mask(source.text), needs)
    around = {document.start: document for document in masked}
    for document in plain:
        if not document.problem:
            yield document
        elif document.start in around:
            yield around[document.start]
