"""Argo CD: what an ``Application`` or ``ApplicationSet`` says to Kustomize and to Helm."""

from collections.abc import Iterator

from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.embedded_yaml import embedded_uses
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, join
from boltseal_rules.helm.oci_charts import chart_use
from boltseal_rules.helm.set_values import set_uses
from boltseal_rules.helm.values import value_uses
from boltseal_rules.kubernetes.kind import Kind, object_type
from boltseal_rules.kustomize.patches import inline_patches
from boltseal_rules.literal import scalar_use

_RENAMED = Opaque(
    "it only gives the image another name: the tag is that of the manifest",
    "name a tag here, then run boltseal again",
)


def _uses(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    spec, route = root.get("spec"), "spec"
    if object_type(root).kind == "ApplicationSet" and isinstance(spec, Mapping):
        template = spec.get("template")
        spec = template.get("spec") if isinstance(template, Mapping) else None
        route = "spec.template.spec"
    if not isinstance(spec, Mapping):
        return
    one, several = spec.get("source"), spec.get("sources")
    if isinstance(one, Mapping):
        yield from source_uses(source, place, one, f"{route}.source")
    for index, item in enumerate(several.items if isinstance(several, Sequence) else ()):
        if isinstance(item, Mapping):
            yield from source_uses(source, place, item, f"{route}.sources[{index}]")


def source_uses(source: Source, place: str, root: Mapping, route: str = "") -> Iterator[ImageUse]:
    """The images that a source of an application, which ``route`` leads to, says to its tool."""
    home, chart, version = (root.get(key) for key in ("repoURL", "chart", "targetRevision"))
    if isinstance(home, Scalar):
        name = chart.value if isinstance(chart, Scalar) else ""
        yield from chart_use(source, place, join(route, "repoURL"), home, version, name=name)
    kustomize, helm = root.get("kustomize"), root.get("helm")
    if isinstance(kustomize, Mapping):
        yield from _image_uses(
            source, place, kustomize.get("images"), join(route, "kustomize.images")
        )
        yield from inline_patches(source, place, kustomize, join(route, "kustomize"))
    if isinstance(helm, Mapping):
        yield from _helm_uses(source, place, helm, join(route, "helm"))


def _image_uses(source: Source, place: str, images: Node | None, route: str) -> Iterator[ImageUse]:
    """``name=new:tag`` or ``name:tag``; what stands before '=' is looked up and not pulled."""
    for index, item in enumerate(images.items if isinstance(images, Sequence) else ()):
        if not isinstance(item, Scalar):
            continue
        text = item.value.strip()
        name, equals, _ = text.partition("=")
        use = scalar_use(
            source, place, f"{route}[{index}]", item, prefix=name + equals if equals else ""
        )
        if use and use.image and not (use.image.tag or use.image.digest):
            use = use._replace(reference=None, spelling=_RENAMED)
        if use:
            yield use


def _helm_uses(source: Source, place: str, helm: Mapping, route: str) -> Iterator[ImageUse]:
    yield from set_uses(source, place, f"{route}.parameters", helm.get("parameters"))
    text, values = helm.get("values"), helm.get("valuesObject")
    if isinstance(text, Scalar):
        yield from embedded_uses(source, place, f"{route}.values", text, value_uses)
    if isinstance(values, Mapping):
        yield from value_uses(source, place, values, f"{route}.valuesObject")


KIND = Kind(
    "argo-cd",
    _uses,
)
