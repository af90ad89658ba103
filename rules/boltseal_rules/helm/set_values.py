"""Values of a chart that are set one by one: names with dots in them, each with its value."""

from collections.abc import Iterable, Iterator

from boltseal.source import Source
from boltseal.use import ImageUse, Opaque
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence, join, sites, verbatim
from boltseal_rules.helm.values import value_uses
from boltseal_rules.image_keys import is_image_key
from boltseal_rules.literal import shown
from boltseal_rules.text_use import unknown_part

_MAX_PARTS = 32
"""Parts of a name beyond which it names nothing that a chart would know."""
_HALF = Opaque(
    "only its tag is set here, the chart has the rest",
    "set the repository here too, or pin it there",
)

_Tree = dict[str, "Scalar | _Tree"]


def set_uses(source: Source, place: str, route: str, listed: Node | None) -> Iterator[ImageUse]:
    """The images in a list of ``name`` and ``value``; ``route`` leads to it.

    A tag without a repository is half a reference: it is shown and never rewritten.
    """
    root = _mapping(_tree(_pairs(listed)))
    yield from value_uses(source, place, root, route)
    for site in sites(root):
        tag = site.mapping.get("tag")
        if is_image_key(site.key) and isinstance(tag, Scalar) and _is_half(site.mapping):
            where = verbatim(source, tag) or shown(source, tag)
            text = tag.value.strip()
            way = join(join(route, site.route), "tag")
            yield ImageUse(source, place, way, text, None, where, unknown_part(text) or _HALF)


def _is_half(mapping: Mapping) -> bool:
    return not any(name in ("repository", "repo", "name", "image") for name, _ in mapping.scalars())


def _pairs(listed: Node | None) -> Iterator[tuple[str, Scalar]]:
    for item in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(item, Mapping):
            name, value = item.get("name"), item.get("value")
            if isinstance(name, Scalar) and isinstance(value, Scalar) and value.value.strip():
                yield name.value.strip(), value


def _tree(pairs: Iterable[tuple[str, Scalar]]) -> _Tree:
    """The values by the parts of their names; what comes later wins, as it does for Helm."""
    tree: _Tree = {}
    for name, value in pairs:
        *above, last = name.split(".")
        if len(above) >= _MAX_PARTS:
            continue
        at = tree
        for part in above:
            inner = at.get(part)
            if not isinstance(inner, dict):
                inner = at[part] = {}
            at = inner
        at[last] = value
    return tree


def _mapping(tree: _Tree) -> Mapping:
    """The same as nodes; as deep as names have parts."""
    entries = [
        (_key(name), _mapping(value) if isinstance(value, dict) else value)
        for name, value in tree.items()
    ]
    return Mapping(tuple(entries), 0)


def _key(name: str) -> Scalar:
    return Scalar(name, 0, 0, "", tagged=False)
