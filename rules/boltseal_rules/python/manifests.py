"""Kubernetes manifests that stand in string literals: their images are reported."""

from collections.abc import Iterator

from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import documents
from boltseal_rules.kubernetes.manifest import is_object, object_uses
from boltseal_rules.python.contents import Contents
from boltseal_rules.python.syntax import literal

_INSIDE = Opaque("it stands in a manifest that is a string", "write the digest into the string")


def manifest_uses(contents: Contents, place: str) -> Iterator[ImageUse]:
    """The images in manifests that are written as strings."""
    tree = contents.tree
    for node, scope, compared, _ in contents.texts:
        said = literal(tree, node)
        if said is None or said.value is None or compared:
            continue
        inner = Source(tree.source.path, said.value.encode("utf-8", "surrogatepass"))
        whole = tree.span(node)
        route = f"{scope.route} > manifest" if scope.route else "manifest"
        for use in _read(inner, place):
            if use.image is None:
                continue
            span = whole
            if said.ending is not None:
                start = said.ending.start
                span = Span(use.span.start + start, use.span.end + start)
            yield use._replace(
                source=tree.source,
                route=f"{route}.{use.route}",
                span=span,
                spelling=_INSIDE,
                related=(),
            )


def _read(inner: Source, place: str) -> Iterator[ImageUse]:
    try:
        found = documents(inner)
    except Unparsable:
        return
    for document in found:
        if is_object(document.root):
            yield from object_uses(inner, place, document.root)
