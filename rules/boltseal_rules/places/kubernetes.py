"""Kubernetes objects in YAML and JSON, recognised by what they say and not by their file's name."""

from collections.abc import Callable, Iterable, Iterator

from boltseal.pattern import pattern
from boltseal.place import Found
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.templated_yaml import templated_documents
from boltseal_rules.formats.yaml_tree import Document, Mapping, Needs, join
from boltseal_rules.kubernetes.kind import NEEDS
from boltseal_rules.kubernetes.manifest import is_object, objects
from boltseal_rules.kubernetes.objects import uses_of
from boltseal_rules.kubernetes.openshift_template import parametrized
from boltseal_rules.kubernetes.skaffold_builds import pulled
from boltseal_rules.kustomize.automation import watched
from boltseal_rules.kustomize.lookup import judged_here
from boltseal_rules.signs import claims
from boltseal_rules.text_use import distinct

NAME = "kubernetes"
_OBJECT = pattern(rb"apiVersion[\"']?[ \t]*:"), pattern(rb"kind[\"']?[ \t]*:")


Refine = Callable[[Source, Mapping, Iterable[ImageUse]], Iterable[ImageUse]]
"""What a repository's configuration adds to the uses of one object, and takes from them."""


def find(source: Source, refine: Refine | None = None, needs: Needs = NEEDS) -> Found | None:
    """The images of every object in the file; None where no document is an object.

    ``needs`` is that of ``documents``.
    """
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    objects_read = broken = 0
    for document in templated_documents(source, needs):
        if document.problem and _may_be_object(document.text.encode()):
            broken += 1
            if not _has_blocks(source, document):
                problems.append(document.problem)
            if templates.is_templated(source.text):
                from boltseal_rules.helm.template_lines import line_uses

                uses += line_uses(source, NAME, document)
        if isinstance(document.root, Mapping) and is_object(document.root):
            objects_read += 1
            try:
                found = _document_uses(source, document.root, refine)
                uses += distinct(parametrized(source, NAME, document.root, found))
            except Unparsable as problem:  # a text in the object that should be YAML
                problems.append(problem)
    if not objects_read and not uses and not (broken and claims(NAME, source.path)):
        return None
    uses = watched(pulled(source, judged_here(source, uses)))
    return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))


def _document_uses(source: Source, root: Mapping, refine: Refine | None) -> Iterator[ImageUse]:
    """The images of an object, or of the objects that it holds."""
    for route, item in objects(root):
        uses = uses_of(source, NAME, item)
        for use in refine(source, item, uses) if refine else uses:
            yield use._replace(route=join(route, use.route)) if route else use


def _has_blocks(source: Source, document: Document) -> bool:
    """Whether a template's actions stand in what the document is read from."""
    end = document.start + len(document.text)
    return templates.has_blocks(source.text[document.start : end])


def _may_be_object(data: bytes) -> bool:
    return all(part.search(data) for part in _OBJECT)
