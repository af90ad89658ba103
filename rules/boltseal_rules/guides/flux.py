"""The guide of ``kinds/flux.py``."""

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.guide import Guide, Peers

_RELEASE = (
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    image:\n"
    "      repository: registry.example.com/web\n      tag: 1.4.2\n"
)
_REPOSITORY = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec:\n"
    "  url: oci://registry.example.com/manifests/web\n  ref:\n    tag: 1.4.2\n"
)

GUIDE = Guide(
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
)
