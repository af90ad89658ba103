"""Images in the files of CI services: named outright, or by variables that the file itself sets.

A service puts values into an image's name before it pulls it. Where the file says what a variable
holds, the reference is known: if the variable is the whole of it, the use is the value, where it
stands; if it is a part, the reference is put together and only reported.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from typing import NamedTuple

from boltseal.reference import InvalidReference, parse
from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse, Opaque, Related, Spelling
from boltseal_rules.formats import templates
from boltseal_rules.formats.template_mask import mask
from boltseal_rules.formats.yaml_tree import (
    Document,
    Mapping,
    Needs,
    Node,
    Scalar,
    Sequence,
    documents,
    masked_documents,
)
from boltseal_rules.literal import scalar_use, templated_text
from boltseal_rules.text_use import distinct

_MAX_VALUES = (256, 8, 4, 4)
"""Values of one variable that are followed, and of one in such a value, and so on to the end."""
_MAX_COMBINED = 64
"""References that one name with several variables may become."""
_PUT_TOGETHER = Opaque(
    "it is put together from variables", "name the whole reference, with its digest, in one of them"
)
_PART = "its value"
"""What is said of a value that is put into another text."""
_AT_RUN_TIME = Opaque("a shell fills it in when the step runs", "write the reference out")
_TOO_DEEP = Opaque("its variables lead to one another", "write the reference out")


class Value(NamedTuple):
    """A text that names an image or a part of one, and the use that it is if read literally."""

    text: str
    use: ImageUse | None


class Variables(NamedTuple):
    """How a service writes a variable (a pattern with named groups), and what each may hold.

    ``several`` tells that the file is read once more with other values.
    """

    pattern: re.Pattern[str]
    values: Callable[[str], Iterable[Value]]
    several: bool = False


def shell_variables(values: Callable[[str], Iterable[Value]]) -> Variables:
    """Variables as a shell writes them: ``$X``, ``${X}`` and ``${X:-default}``."""
    return Variables(_SHELL, values)


_SHELL = re.compile(
    r"(?<![$\\])\$(?:\{(?P<name>[A-Za-z_]\w*)(?::?-[^{}]*)?\}|(?P<bare>[A-Za-z_]\w*))", re.ASCII
)


def scalar_value(source: Source, place: str, route: str, scalar: Scalar) -> Value:
    """The value that a YAML scalar is. A number has a text and is no use of its own."""
    text = templated_text(source, scalar)
    return Value(
        scalar.value.strip() if text is None else text, scalar_use(source, place, route, scalar)
    )


def image_uses(value: Value, variables: Variables | None = None, hops: int = 0) -> list[ImageUse]:
    """The uses that a value is where an image is named, its variables followed."""
    use = value.use
    names = list(variables.pattern.finditer(value.text)) if variables else []
    if use is None or variables is None:
        return [use] if use else []
    if not names:
        return [_opaque(use, _AT_RUN_TIME) if "$$" in value.text else use]
    if hops >= len(_MAX_VALUES):
        return [_opaque(use, _TOO_DEEP)]
    held = [list(islice(variables.values(_name(name)), _MAX_VALUES[hops])) for name in names]
    if len(names) == 1 and names[0][0] == value.text and held[0]:
        spot = Related(use.span, "used here", use.source)
        inner = (it for origin in held[0] for it in image_uses(origin, variables, hops + 1))
        return [it._replace(related=(*it.related, spot)) for it in inner]
    if not any(held) and _has_default(names):
        return [use]
    missing = [_name(name) for name, found in zip(names, held, strict=True) if not found]
    if missing:
        return [_opaque(use, _unknown(missing))]
    return list(_combined(use, value.text, names, held, variables))


def _name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next((groups[key] for key in groups if groups[key]), "")


def _has_default(names: list[re.Match[str]]) -> bool:
    return any("-" in name[0] for name in names if name[0].startswith("${"))


def _opaque(use: ImageUse, reason: Opaque) -> ImageUse:
    return use._replace(reference=None, spelling=reason)


def _unknown(names: list[str]) -> Opaque:
    shown_names = ", ".join(dict.fromkeys(names))
    return Opaque(f"{shown_names} is not set in this file", "pin it where the variable is set")


def _combined(
    use: ImageUse,
    text: str,
    names: list[re.Match[str]],
    held: list[list[Value]],
    variables: Variables,
) -> Iterator[ImageUse]:
    """One use for each way to fill the name in; its text is that written if there is one way."""
    several = variables.several or any(len(found) > 1 for found in held)
    for choice in islice(product(*held), _MAX_COMBINED):
        whole, at = "", 0
        for name, value in zip(names, choice, strict=True):
            whole += text[at : name.start()] + value.text
            at = name.end()
        whole += text[at:]
        related = tuple(
            Related(value.use.span, _PART, value.use.source)
            for value in choice
            if value.use and value.use.span != use.span
        )
        yield _read(use, whole if several else text, whole, related, variables)


def _read(
    use: ImageUse, text: str, whole: str, related: tuple[Related, ...], variables: Variables
) -> ImageUse:
    use = use._replace(text=text, related=related)
    left = [_name(name) for name in variables.pattern.finditer(whole)]
    if left:
        return _opaque(use, _unknown(left))
    reference = parse(whole)
    spelling: Spelling = _PUT_TOGETHER
    if isinstance(reference, InvalidReference):
        spelling = Opaque(reference.reason, reference.hint)
    return use._replace(reference=reference, spelling=spelling)


def settled(uses: Iterable[ImageUse]) -> tuple[ImageUse, ...]:
    """The uses of a file, one for each value; a value that is also a part of another name stays."""
    found = list(uses)
    parts = frozenset(spot.span for use in found for spot in use.related if spot.label == _PART)
    related: dict[tuple[Span, str], dict[Related, None]] = {}
    for use in found:
        related.setdefault((use.span, use.text), {}).update(dict.fromkeys(use.related))
    return tuple(
        use._replace(related=tuple(related[use.span, use.text])) for use in distinct(found, parts)
    )


class Roots(NamedTuple):
    """The documents of a file by their shape; ``unread`` are those that cannot be read."""

    mappings: tuple[Mapping, ...]
    lists: tuple[Sequence, ...]
    unread: tuple[Document, ...]

    @property
    def problems(self) -> tuple[Unparsable, ...]:
        """Why what cannot be read cannot."""
        return tuple(it.problem for it in self.unread if it.problem)


def roots(source: Source, needs: Needs) -> Roots:
    """The documents of a CI file that hold what is in ``needs``, read around templates if need be."""
    found = documents(source, needs)
    if any(it.problem for it in found) and templates.is_templated(source.text):
        around = masked_documents(source, mask(source.text), needs)
        readable = {it.start: it for it in around if not it.problem}
        found = tuple(readable.get(it.start, it) if it.problem else it for it in found)
    return Roots(
        tuple(it.root for it in found if isinstance(it.root, Mapping)),
        tuple(it.root for it in found if isinstance(it.root, Sequence)),
        tuple(it for it in found if it.problem),
    )


def items(node: Node | None) -> tuple[Node, ...]:
    """The items of a sequence; none of anything else."""
    return node.items if isinstance(node, Sequence) else ()


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The entries of a mapping with those that it merges; none of anything else."""
    if isinstance(node, Mapping):
        seen: set[str] = set()
        for key, value, _ in node.effective():
            if key not in seen:
                seen.add(key)
                yield key, value


def entry(node: Node | None, key: str) -> Node | None:
    """An entry of a mapping, its own or merged in."""
    return next((value for name, value in entries(node) if name == key), None)
