"""Flux: values of a ``HelmRelease``, an ``OCIRepository``, what a ``Kustomization`` replaces."""

from collections.abc import Iterator

from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, Sequence
from boltseal_rules.helm.values import value_uses
from boltseal_rules.kubernetes.kind import Kind, object_type
from boltseal_rules.kubernetes.oci_repository import repository_use
from boltseal_rules.kustomize.images import entry_uses
from boltseal_rules.kustomize.patches import inline_patches


def _uses(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    spec = root.get("spec")
    if not isinstance(spec, Mapping):
        return
    kind = object_type(root).kind
    if kind == "OCIRepository":
        yield from repository_use(source, place, root)
    elif kind == "Kustomization":
        yield from _kustomized(source, place, spec, "spec")
    else:
        yield from _release_uses(source, place, spec)


def _kustomized(source: Source, place: str, holder: Mapping, route: str) -> Iterator[ImageUse]:
    yield from entry_uses(source, place, holder, route)
    yield from inline_patches(source, place, holder, route)


def _release_uses(source: Source, place: str, spec: Mapping) -> Iterator[ImageUse]:
    values = spec.get("values")
    if isinstance(values, Mapping):
        yield from value_uses(source, place, values, "spec.values")
    renderers = spec.get("postRenderers")
    for index, item in enumerate(renderers.items if isinstance(renderers, Sequence) else ()):
        kustomize = item.get("kustomize") if isinstance(item, Mapping) else None
        if isinstance(kustomize, Mapping):
            yield from _kustomized(
                source, place, kustomize, f"spec.postRenderers[{index}].kustomize"
            )


KIND = Kind(
    "flux",
    _uses,
)
