"""Images at paths that somebody wrote down: a table of operators, or a repository's configuration."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Site, join, verbatim
from boltseal_rules.image_keys import Keys, keys_use, split_use
from boltseal_rules.kubernetes.paths import Hit, Path, find
from boltseal_rules.literal import scalar_use, shown, templated_text
from boltseal_rules.text_use import distinct, objected

_SCHEMES = ("docker://", "oci://", "registry://")
_DIGEST_KEY = re.compile(r"(?:image_?)?(?:digest|sha|sha256)", re.IGNORECASE)
_NAMES_LEFT = Opaque(
    "its operator adds a part of the name or of the tag",
    "look up in the operator's manual how to give it a digest",
)


_CONTAINERS_IMAGE = ("docker://", "registry://")
_TRANSPORT = "what reads it by this scheme takes no tag beside a digest"


class Paths(NamedTuple):
    """Where images stand in a tree, and where something stands that only looks like one.

    ``artifacts`` lead to what is stored in a registry and is no image. ``bases`` lead to names and
    tags from which an operator makes the names of several images.
    """

    images: tuple[Path, ...] = ()
    not_images: tuple[Path, ...] = ()
    artifacts: tuple[Path, ...] = ()
    bases: tuple[Path, ...] = ()


def refined(
    source: Source, place: str, root: Node, found: Iterable[ImageUse], paths: Paths
) -> tuple[ImageUse, ...]:
    """The uses in ``root``: those ``found`` in it without, and those at the paths given.

    What a path leads to is read as it says, whatever was found there without it.
    """
    added = list(_path_uses(source, place, root, paths))
    barred = {hit.route for path in paths.not_images for hit in find(path, root)}
    said = {route for use, routes in added for route in (use.route, *routes)}
    kept = [use for use in found if use.route not in said]
    uses = distinct((*kept, *(use for use, _ in added)))
    return tuple(use for use in uses if not _is_below(use.route, barred)) if barred else uses


def _is_below(route: str, barred: set[str]) -> bool:
    """Whether a route is one of those barred, or leads on from one."""
    ends = [match.start() for match in re.finditer(r"[.\[]", route)]
    return any(route[:end] in barred for end in (*ends, len(route)))


def _path_uses(
    source: Source, place: str, root: Node, paths: Paths
) -> Iterator[tuple[ImageUse, tuple[str, ...]]]:
    """Each use with the routes of its parts."""
    for path in paths.images:
        for hit in find(path, root):
            use = hit_use(source, place, hit)
            if use:
                yield use, tuple(join(hit.route, part) for part in hit.parts)
    for path in paths.artifacts:
        for hit in find(path, root):
            use = hit_use(source, place, hit)
            if use:
                yield use._replace(artifact=True), ()
    for path in paths.bases:
        for hit in find(path, root):
            use = _base_use(source, place, hit)
            if use:
                yield use, tuple(join(hit.route, part) for part in hit.parts)


def hit_use(source: Source, place: str, hit: Hit) -> ImageUse | None:
    """The image at the end of a path: one string, parts that the path names, or parts as usual."""
    if hit.parts and isinstance(hit.node, Mapping):
        return _parts_use(source, place, hit.route, hit.node, hit.parts)
    if isinstance(hit.node, Mapping):
        return split_use(source, place, Site(hit.route, "image", hit.node))
    if not isinstance(hit.node, Scalar):
        return None
    text = hit.node.value.strip()
    scheme = next((scheme for scheme in _SCHEMES if text.startswith(scheme)), "")
    if "://" in text and not scheme:
        return None
    use = scalar_use(source, place, hit.route, hit.node, prefix=scheme)
    return objected(use, _TRANSPORT) if use and scheme in _CONTAINERS_IMAGE else use


def _parts_use(
    source: Source, place: str, route: str, mapping: Mapping, parts: tuple[str, ...]
) -> ImageUse | None:
    """An image in parts. The last key is the tag's, before it stands the name's, and a registry's.

    A key for a digest is known by its name.
    """
    digest = next((part for part in parts if _DIGEST_KEY.fullmatch(part)), "")
    *before, tag = (part for part in parts if part != digest)
    if not before:
        return None
    name = _scalar(mapping, before[-1])
    if name is None or not name.value.strip():
        return None
    registry = _scalar(mapping, before[0]) if len(before) > 1 else None
    keys = Keys(name, _scalar(mapping, tag), registry, _scalar(mapping, digest), digest.lower())
    if keys.tag is None and keys.digest is None and registry is None:
        return scalar_use(source, place, join(route, before[-1]), name)
    return keys_use(source, place, join(route, before[-1]), keys)


def _base_use(source: Source, place: str, hit: Hit) -> ImageUse | None:
    """A name, or a name and a tag, that are less than a reference."""
    if not isinstance(hit.node, Mapping) or not hit.parts:
        return None
    parts = [part for key in hit.parts if (part := _scalar(hit.node, key)) and part.value.strip()]
    if not parts:
        return None
    text = ":".join(templated_text(source, part) or part.value.strip() for part in parts)
    span = verbatim(source, parts[-1]) or shown(source, parts[-1])
    route = join(hit.route, hit.parts[0])
    return ImageUse(source, place, route, text, None, span, _NAMES_LEFT)


def _scalar(mapping: Mapping, key: str) -> Scalar | None:
    node = mapping.get(key)
    return node if isinstance(node, Scalar) else None
