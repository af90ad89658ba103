"""A key that is not there yet: where a fix writes it."""

import re

from boltseal.source import Source, Span
from boltseal.use import Slot
from boltseal_rules.formats.yaml_tree import Mapping, Scalar

_LINE_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")


def new_key(source: Source, mapping: Mapping, key: str, *, after: str) -> Slot | None:
    """The slot of a new ``key`` behind the entry ``after``, which is a scalar on one line.

    In a block the key gets a line of its own with the indentation and the line end of its
    neighbours, behind a comment that ends the neighbour's line; in braces it follows a comma, and
    is quoted where its neighbour is. None
    where the neighbour is missing, has an anchor, is an alias, or is written over several lines.
    """
    for name, value in mapping.entries:
        if isinstance(name, Scalar) and name.value == after and isinstance(value, Scalar):
            return _behind(source, mapping, key, name, value)
    return None


def _behind(source: Source, mapping: Mapping, key: str, name: Scalar, value: Scalar) -> Slot | None:
    text = source.text
    if value.alias or value.style in ("|", ">") or "\n" in text[name.start : value.end]:
        return None
    if mapping.flow and name.style == '"':  # as in JSON, which knows no plain text
        return _slot(source, value.end, f', "{key}": "', '"')
    if mapping.flow:
        return _slot(source, value.end, f", {key}: ")
    rest = _LINE_REST.match(text, value.end)
    line = text.rfind("\n", 0, name.start) + 1
    if rest is None or not set(text[line : name.start]) <= {" ", "-"}:
        return None
    end = "\r\n" if text.find("\r\n", line) == text.find("\n", line) - 1 >= 0 else "\n"
    return _slot(source, rest.end(), f"{end}{' ' * (name.start - line)}{key}: ")


def _slot(source: Source, index: int, prefix: str, suffix: str = "") -> Slot:
    at = source.byte_offset(index)
    return Slot(Span(at, at), prefix, suffix)
