"""A Dockerfile written inside a YAML scalar."""

from bisect import bisect_right

from boltseal.source import Source, Span, Unparsable
from boltseal.use import ImageUse
from boltseal_rules.formats.yaml_tree import Scalar, verbatim
from boltseal_rules.literal import shown
from boltseal_rules.places import dockerfile


def embedded_dockerfile(source: Source, place: str, route: str, scalar: Scalar) -> list[ImageUse]:
    """The images of a Dockerfile that is the value of ``scalar``.

    Raises Unparsable at the scalar where its text is no Dockerfile.
    """
    lines = _lines(source, scalar)
    starts = [start for start, _, _ in lines]

    def move(span: Span) -> Span | None:
        index = bisect_right(starts, span.start) - 1
        start, end, at = lines[index] if index >= 0 else (0, -1, 0)
        return Span(span.start - start + at, span.end - start + at) if span.end <= end else None

    whole = shown(source, scalar)
    try:
        return dockerfile.find_in(
            source, scalar.value.encode(), move, within=whole, place=place, route=route
        )
    except Unparsable as problem:
        raise Unparsable(f"its Dockerfile: {problem.reason}", whole.start) from None


def _lines(source: Source, scalar: Scalar) -> list[tuple[int, int, int]]:
    """Where the lines of the value stand in the file: start and end in the value, start in the file.

    All in bytes. Empty where lines were folded or characters escaped.
    """
    span = verbatim(source, scalar)
    if scalar.style != "|":
        return [(0, len(scalar.value.encode()), span.start)] if span else []
    raw = source.text[scalar.start : scalar.end].split("\n")[1:]
    indent = _indent(raw, scalar.value)
    at = source.text.index("\n", scalar.start) + 1
    lines: list[tuple[int, int, int]] = []
    start = 0
    for written, line in zip(raw, scalar.value.split("\n"), strict=False):
        end = start + len(line.encode())
        if line and written[indent:].rstrip("\r") != line:
            return []
        lines.append((start, end, source.byte_offset(min(at + indent, len(source.text)))))
        start, at = end + 1, at + len(written) + 1
    return lines


def _indent(raw: list[str], value: str) -> int:
    """How many characters of indentation a literal scalar has lost."""
    for written, line in zip(raw, value.split("\n"), strict=False):
        if line:
            return len(written.rstrip("\r")) - len(line)
    return 0
