"""Kubernetes objects in YAML and JSON, recognised by what they say and not by their file's name."""

import re
from collections.abc import Iterator

from boltseal.place import Found, Place
from boltseal.source import Source, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats import templates
from boltseal_rules.formats.yaml_tree import Document, Mapping, documents, masked_documents
from boltseal_rules.manifest import is_object, object_uses
from boltseal_rules.places.helm_values import value_uses
from boltseal_rules.template_lines import line_uses

NAME = "kubernetes"
_FILE = re.compile(
    r"\.(?:ya?ml|json)(?:\.(?:tpl|tmpl|template|j2|jinja2?|gotmpl|in|dist|example|sample))?$",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"apiVersion[\"']?[ \t]*:"), re.compile(r"kind[\"']?[ \t]*:")


def find(source: Source) -> Found | None:
    """The images of every object in the file; None where no document is an object."""
    if not _may_be_object(source.text):
        return None
    masked = templates.mask(source.text) if templates.is_templated(source.text) else None
    uses: list[ImageUse] = []
    problems: list[Unparsable] = []
    objects = 0
    for document in _documents(source, masked):
        if document.problem and _may_be_object(document.text):
            problems.append(document.problem)
            if masked:
                uses += line_uses(source, NAME, document)
        if is_object(document.root):
            objects += 1
            uses += _document_uses(source, document)
    if not objects and not problems:
        return None
    return Found(tuple(sorted(uses, key=lambda use: use.span)), tuple(problems))


def _documents(source: Source, masked: str | None) -> Iterator[Document]:
    """The documents; one that only fails to parse for its templates is read around them."""
    plain = documents(source)
    if masked is None or not any(document.problem for document in plain):
        yield from plain
        return
    around = {document.start: document for document in masked_documents(source, masked)}
    for document in plain:
        yield around.get(document.start, document) if document.problem else document


def _document_uses(source: Source, document: Document) -> Iterator[ImageUse]:
    yield from object_uses(source, NAME, document.root)
    values = _release_values(document)
    if values is not None:
        yield from value_uses(source, NAME, values, "spec.values")


def _release_values(document: Document) -> Mapping | None:
    """The values that a Flux ``HelmRelease`` carries."""
    root = document.root
    kind = root.get("kind") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or getattr(kind, "value", None) != "HelmRelease":
        return None
    spec = root.get("spec")
    values = spec.get("values") if isinstance(spec, Mapping) else None
    return values if isinstance(values, Mapping) else None


def _may_be_object(text: str) -> bool:
    return all(pattern.search(text) for pattern in _OBJECT)


PLACE = Place(
    NAME,
    "Kubernetes manifests, YAML or JSON, under any file name",
    lambda path: _FILE.search(path) is not None,
    (b"image",),
    find,
)
