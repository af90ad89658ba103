"""What Skaffold builds: names in manifests that it replaces by what it has just built.

Skaffold looks for the names of its artifacts in the manifests that it deploys, whatever tag stands
behind them (https://skaffold.dev/docs/taggers/). Such a name is never pulled as it is written.
"""

from collections.abc import Iterable
from functools import lru_cache
from posixpath import dirname, join, normpath

from boltseal.pattern import pattern
from boltseal.source import ALONE, Source, Tree, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.folders import upwards
from boltseal_rules.formats.yaml_tree import Mapping, Scalar, documents, sites

_FILE_NAMES = ("skaffold.yaml", "skaffold.yml")
_ARTIFACT = pattern(r"(?:^|\.)build\.artifacts\[\d+\]$")
_NEEDS = ("skaffold/",)


def artifacts(root: Mapping) -> frozenset[str]:
    """The names of the images that one Skaffold configuration builds."""
    images = (s.mapping.get("image") for s in sites(root) if _ARTIFACT.search(s.route))
    return frozenset(it.value.strip() for it in images if isinstance(it, Scalar))


def pulled(source: Source, uses: Iterable[ImageUse]) -> list[ImageUse]:
    """The uses of a manifest without those that Skaffold builds, by its file beside or above it."""
    found = list(uses)
    if source.tree is ALONE or not found:
        return found
    built = _built(source.tree, normpath(dirname(source.path)))
    return [use for use in found if _name(use) not in built] if built else found


def _name(use: ImageUse) -> str:
    """The name as it is written, without its tag and digest."""
    image = use.image
    text = use.text.partition("@")[0]
    return text.removesuffix(f":{image.tag}") if image and image.tag else text


@lru_cache(maxsize=1024)
def _built(tree: Tree, folder: str) -> frozenset[str]:
    """What is built by the Skaffold files in a folder and above it."""
    names: set[str] = set()
    for above in upwards(folder, tree.root):
        for name in _FILE_NAMES:
            names |= _read(tree, normpath(join(above, name)))
    return frozenset(names)


@lru_cache(maxsize=256)
def _read(tree: Tree, path: str) -> frozenset[str]:
    source = tree.read(path) if tree.exists(path) else None
    if source is None:
        return frozenset()
    try:
        roots = [document.root for document in documents(source, _NEEDS)]
    except Unparsable:
        return frozenset()
    return frozenset[str]().union(*(artifacts(it) for it in roots if isinstance(it, Mapping)))
