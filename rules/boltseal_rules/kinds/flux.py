"""Flux: the values of a ``HelmRelease``."""

from collections.abc import Iterator

from boltseal.example import SHOWN_DIGEST, Example
from boltseal.place import Guide, Peers
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping
from boltseal_rules.kind import Kind, ObjectType
from boltseal_rules.manifest import object_uses
from boltseal_rules.values import value_uses


def _matches(found: ObjectType) -> bool:
    return found.group == "helm.toolkit.fluxcd.io" and found.kind == "HelmRelease"


def _uses(source: Source, place: str, root: Mapping) -> Iterator[ImageUse]:
    yield from object_uses(source, place, root)
    spec = root.get("spec")
    values = spec.get("values") if isinstance(spec, Mapping) else None
    if isinstance(values, Mapping):
        yield from value_uses(source, place, values, "spec.values")


_RELEASE = (
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    image:\n"
    "      repository: registry.example.com/web\n      tag: 1.4.2\n"
)
KIND = Kind(
    "flux",
    "Flux: values of a HelmRelease",
    _matches,
    _uses,
    Guide(
        finds=("HelmRelease: `spec.values`, read like a values file",),
        rewrites="a `digest` key that is there and empty; behind the tag only with --unsafe-fixes",
        examples=(
            Example(
                "release.yaml",
                _RELEASE + '      digest: ""\n',
                _RELEASE + f'      digest: "{SHOWN_DIGEST}"\n',
            ),
        ),
        peers=Peers(
            renovate="values of a HelmRelease, digest into the tag", dependabot="`image` keys"
        ),
    ),
)
