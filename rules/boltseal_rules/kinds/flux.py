"""Flux: values of a ``HelmRelease``, an ``OCIRepository``, what a ``Kustomization`` replaces."""

from collections.abc import Iterator

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers
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


_RELEASE = (
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    image:\n"
    "      repository: registry.example.com/web\n      tag: 1.4.2\n"
)
_REPOSITORY = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec:\n"
    "  url: oci://registry.example.com/manifests/web\n  ref:\n    tag: 1.4.2\n"
)
KIND = Kind(
    "flux",
    _uses,
    Guide(
        "Flux: values of a HelmRelease, OCIRepository, images of a Kustomization",
        finds=(
            "HelmRelease: `spec.values`, read like a values file; `postRenderers[].kustomize`",
            "Kustomization: `spec.images[]` and patches in its text",
            "OCIRepository: `spec.url` with `spec.ref`; `semver` is a note",
        ),
        rewrites="a `digest` key that is there and empty, or is added behind `newTag` and `ref.tag`; "
        "in values behind the tag only with --unsafe-fixes. Flux's own markers in comments stay: "
        "where its automation writes the tag, let it write the digest too",
        passes_over=("ImageRepository and ImagePolicy, which look for tags", "versions of charts"),
        examples=(
            Example(
                "release.yaml",
                _RELEASE + '      digest: ""\n',
                _RELEASE + f'      digest: "{SHOWN_DIGEST}"\n',
            ),
            Example("source.yaml", _REPOSITORY, f"{_REPOSITORY}    digest: {SHOWN_DIGEST}\n"),
        ),
        peers=Peers(
            renovate="values of a HelmRelease, digest into the tag; OCIRepository; `spec.images`",
            dependabot="`image` keys",
        ),
    ),
)
