"""Images that a parameter fills in: the value is the use, where it is written in the same file."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span
from boltseal.use import ImageUse, Opaque, Related
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence
from boltseal_rules.image_keys import Keys, keys_use
from boltseal_rules.literal import scalar_use, shown
from boltseal_rules.text_use import distinct

_FILLED = Opaque("a parameter fills it in", "boltseal judges the value of the parameter", True)
_NO_VALUE = Opaque(
    "its parameter has no value in this file", "pin it where the value is passed, or set a default"
)
_PUT_TOGETHER = Opaque(
    "it is put together from parameters", "make one parameter of the whole reference"
)


class Origin(NamedTuple):
    """A value, and the way to it."""

    route: str
    scalar: Scalar

    @property
    def text(self) -> str:
        """The value without the white space around it."""
        return self.scalar.value.strip()


class Filled(NamedTuple):
    """A text with its parameters filled in, and the values that took part, in order."""

    text: str
    origins: tuple[Origin, ...]


class Parameters:
    """A list of parameters, in which those of a name are found without a search."""

    def __init__(self, route: str, node: Node | None) -> None:
        self._by_name: dict[str, list[tuple[str, Mapping]]] = {}
        for index, item in enumerate(node.items if isinstance(node, Sequence) else ()):
            said = item.get("name") if isinstance(item, Mapping) else None
            if isinstance(item, Mapping) and isinstance(said, Scalar):
                self._by_name.setdefault(said.value, []).append((f"{route}[{index}]", item))

    def values(self, name: str, key: str) -> Iterator[Origin]:
        """The values under ``key`` of the parameter ``name``."""
        for route, item in self._by_name.get(name, ()):
            yield from _item_values(f"{route}.{key}", item.get(key))


def _item_values(route: str, value: Node | None) -> Iterator[Origin]:
    if isinstance(value, Scalar):
        yield Origin(route, value)
    elif isinstance(value, Sequence):
        for position, part in enumerate(value.items):
            if isinstance(part, Scalar):
                yield Origin(f"{route}[{position}]", part)


def filled_uses(
    source: Source,
    place: str,
    found: Iterable[ImageUse],
    filled: Callable[[ImageUse], list[Filled] | None],
) -> tuple[ImageUse, ...]:
    """The uses ``found``, and those at the values that fill them in.

    ``filled`` gives what a use becomes; None for one that has no parameter in it.
    """
    uses: list[ImageUse] = []
    for use in found:
        values = filled(use)
        uses += [use] if values is None else _values_uses(source, place, use, values)
    return distinct(joined(uses))


def _values_uses(
    source: Source, place: str, use: ImageUse, values: list[Filled]
) -> Iterator[ImageUse]:
    """The use that a parameter fills in, and the uses that its values are."""
    written = [it for value in values if (it := value_use(source, place, value, use))]
    if written:
        yield use._replace(reference=None, spelling=_FILLED)
        yield from written
        return
    reference = parse(values[0].text) if len(values) == 1 else None
    if reference is None or isinstance(reference, InvalidReference):
        yield use._replace(reference=None, spelling=_NO_VALUE)
        return
    parts = tuple(Related(shown(source, it.scalar), "a part of it") for it in values[0].origins)
    yield use._replace(reference=reference, spelling=_PUT_TOGETHER, related=parts)


def value_use(source: Source, place: str, value: Filled, fills: ImageUse) -> ImageUse | None:
    """The use that a value is where it makes up all of an image, alone or as a name and a tag."""
    use: ImageUse | None = None
    texts = tuple(origin.text for origin in value.origins)
    if texts == (value.text,):
        use = scalar_use(source, place, value.origins[0].route, value.origins[0].scalar)
    elif len(texts) == 2 and value.text == ":".join(texts) and all(texts):
        name, tag = value.origins
        keys = Keys(name.scalar, tag.scalar, None, None, "")
        use = keys_use(source, place, name.route, keys)
    return use and use._replace(related=(Related(fills.span, "the image that it fills in"),))


def joined(uses: Iterable[ImageUse]) -> Iterator[ImageUse]:
    """The uses, those at the same bytes made one that is related to all that each is."""
    kept: dict[tuple[Span, str], ImageUse] = {}
    related: dict[tuple[Span, str], dict[Related, None]] = {}
    for use in uses:
        key = use.span, use.text
        kept.setdefault(key, use)
        related.setdefault(key, {}).update(dict.fromkeys(use.related))
    return (use._replace(related=tuple(related[key])) for key, use in kept.items())
