"""Images in a tree of Helm values, wherever the tree itself stands."""

import re
from collections.abc import Iterator

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Site, join, sites
from boltseal_rules.image_keys import is_image_key, shared_parts, split_use, taken
from boltseal_rules.literal import scalar_use
from boltseal_rules.text_use import distinct

_PICTURE = re.compile(
    r"\.(?:png|jpe?g|gif|svg|ico|webp|bmp|iso|img|qcow2|vmdk|raw)$", re.IGNORECASE
)


def value_uses(source: Source, place: str, root: Node | None, route: str = "") -> list[ImageUse]:
    """The images of a tree of values; ``route`` leads to its root."""
    registry = _global_registry(root)
    below = list(sites(root))
    if route:
        below = [
            site._replace(route=join(route, site.route) if site.route else route) for site in below
        ]
    found = [(site, split_use(source, place, site, registry)) for site in below]
    strings = (use for site in below for use in _strings(source, place, site))
    shared = shared_parts(source, (site.mapping for site, parts in found if parts))
    return [*(parts for _, parts in found if parts), *distinct(strings, shared)]


def _strings(source: Source, place: str, site: Site) -> Iterator[ImageUse]:
    """Keys that hold a whole reference."""
    named = [
        (key, value)
        for key, value in site.mapping.scalars()
        if isinstance(value, Scalar) and is_image_key(key)
    ]
    spread = bool(named) and taken(site.mapping)
    for key, value in named:
        if key.lower() == "image" and spread:
            continue
        if _names_image(key, value):
            use = scalar_use(source, place, join(site.route, key), value)
            if use:
                yield use


def _names_image(key: str, scalar: Scalar) -> bool:
    """Whether a scalar under an image key can be a reference, and not a picture or a number."""
    text = scalar.value.strip()
    if not text or not scalar.is_text:
        return False
    if _PICTURE.search(text) or "://" in text:
        return False
    reference = parse(text)
    if isinstance(reference, InvalidReference):
        return key.lower() == "image" and " " not in text
    if key.lower() == "image":
        return True
    return reference.tag is not None or reference.is_pinned or "." in text.partition("/")[0]


def _global_registry(root: Node | None) -> Scalar | None:
    """``global.imageRegistry``, which by custom overrides the registry of every image."""
    shared = root.get("global") if isinstance(root, Mapping) else None
    registry = shared.get("imageRegistry") if isinstance(shared, Mapping) else None
    if isinstance(registry, Scalar) and registry.value.strip() not in ("", "~", "null"):
        return registry
    return None
