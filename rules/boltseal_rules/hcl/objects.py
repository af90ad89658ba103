"""Objects of HCL as the tree that YAML gives, for what HCL only carries: manifests, values."""

from boltseal_rules.formats.hcl import (
    Call,
    Constant,
    Expression,
    Items,
    Object,
    Text,
    key_text,
)
from boltseal_rules.formats.yaml_tree import Mapping, Node, Scalar, Sequence
from boltseal_rules.hcl.nested import STAND_IN


def as_node(value: Expression, text: str) -> Node:
    """An expression as a node with the places of its own strings.

    ``text`` is that of the file. What is not written out becomes a scalar of a stand-in, so that
    the use it is part of can be told.
    """
    if isinstance(value, Object):
        entries = tuple(
            (Scalar(key_text(key), key.start, key.end, '"', tagged=False), as_node(item, text))
            for key, item in value.entries
        )
        return Mapping(entries, value.start, flow=True)
    if isinstance(value, Items):
        return Sequence(tuple(as_node(item, text) for item in value.items), value.start)
    if isinstance(value, Call) and any(isinstance(a, Object | Items) for a in value.arguments):
        return Sequence(tuple(as_node(item, text) for item in value.arguments), value.start)
    if isinstance(value, Constant):
        return _constant(value)
    if isinstance(value, Text):
        style = "|" if value.heredoc else '"'
        return Scalar(_said(value, text), value.start, value.end, style, tagged=False)
    return Scalar(STAND_IN, value.start, value.end, '"', tagged=False)


def _constant(value: Constant) -> Scalar:
    """Nothing is written as text, which takes no digest; numbers and truth values are plain."""
    if value.text == "null":
        return Scalar("", value.start, value.end, "", tagged=True)
    return Scalar(value.text, value.start, value.end, "", tagged=False)


def _said(value: Text, text: str) -> str:
    if value.value is not None:
        return value.value
    return "".join(
        text[part.start : part.end] if part.is_literal else STAND_IN for part in value.parts
    )
