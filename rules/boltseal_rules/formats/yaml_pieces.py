"""A part of a YAML scalar's value: where it stands in the file."""

from boltseal.source import Source, Span
from boltseal_rules.formats.yaml_tree import Scalar, verbatim


def piece_span(source: Source, scalar: Scalar, start: int, end: int) -> Span | None:
    """The bytes of the characters from ``start`` to ``end`` of a scalar's value, on one line.

    None where they are folded or escaped, so that no bytes are just theirs.
    """
    span = verbatim(source, scalar)
    if span is not None:
        at = span.start + len(scalar.value[:start].lstrip().encode())
    elif scalar.style == "|":
        found = _in_block(source, scalar, start)
        if found is None:
            return None
        at = found
    else:
        return None
    piece = Span(at, at + len(scalar.value[start:end].encode()))
    return piece if source.slice(piece) == scalar.value[start:end].encode() else None


def _in_block(source: Source, scalar: Scalar, index: int) -> int | None:
    """Where a character of a literal block stands: its lines are those of the file, indented."""
    number = scalar.value.count("\n", 0, index)
    first = scalar.value.rfind("\n", 0, index) + 1
    line = scalar.value[first:].partition("\n")[0]
    written = source.text[scalar.start : scalar.end].split("\n")
    if number + 1 >= len(written):
        return None
    raw = written[number + 1].removesuffix("\r")
    if not raw.endswith(line):
        return None
    before = sum(len(text) + 1 for text in written[: number + 1])
    return source.byte_offset(scalar.start + before + len(raw) - len(line) + index - first)
